"""Where the views are."""

from django.urls import path

from till import views

urlpatterns = [
    path("connect", views.connect),
    path("callback", views.callback),
    path("books", views.choose_books),
    path("sales", views.sell),
]
