"""Addresses of the exam room and of the officer's desk."""

from django.urls import path

from exams.delivery.views import admissions, room, saving

urlpatterns = [
    path("room/<uuid:attempt_id>/", room.room, name="room"),
    path("room/<uuid:attempt_id>/start/", room.room_start, name="room_start"),
    path("room/<uuid:attempt_id>/answers/", saving.room_answers, name="room_answers"),
    path("room/<uuid:attempt_id>/clock/", room.room_clock, name="room_clock"),
    path("room/<uuid:attempt_id>/hand-in/", room.room_hand_in, name="room_hand_in"),
    path("room/<uuid:attempt_id>/<int:number>/", room.room_question, name="room_question"),
    path("admissions/", admissions.admissions, name="admissions"),
    path("admissions/admit/", admissions.admit, name="admit"),
    path("admissions/<uuid:attempt_id>/", admissions.admission, name="admission"),
    path("admissions/<uuid:attempt_id>/seal/", admissions.admission_seal, name="admission_seal"),
    path("admissions/<uuid:attempt_id>/time/", admissions.admission_time, name="admission_time"),
]
