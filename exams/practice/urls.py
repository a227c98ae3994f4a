from django.urls import path

from exams.practice import views

urlpatterns = [
    path("mock/", views.mocks, name="mocks"),
    path("mock/start/<slug:code>/", views.mock_start, name="mock_start"),
    path("mock/<uuid:attempt_id>/", views.mock_result, name="mock_result"),
]
