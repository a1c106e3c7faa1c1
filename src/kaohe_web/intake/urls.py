"""Pages of a round's data."""

from django.urls import path

from kaohe_web.intake import views

HERE = "rounds/<int:round_id>"
urlpatterns = [
    path(f"{HERE}/data/", views.data, name="data"),
    path(f"{HERE}/data/workbook/", views.fill_in, name="fill_in_workbook"),
    path(f"{HERE}/data/upload/", views.upload, name="upload"),
    path(f"{HERE}/data/imports/<int:import_id>/", views.preview, name="import"),
    path(f"{HERE}/data/imports/<int:import_id>/progress/", views.progress, name="import_progress"),
    path(f"{HERE}/data/imports/<int:import_id>/rows/", views.bad_rows, name="import_rows"),
    path(f"{HERE}/data/imports/<int:import_id>/file/", views.file, name="import_file"),
    path(f"{HERE}/data/imports/<int:import_id>/meanings/", views.meanings, name="import_meanings"),
    path(f"{HERE}/data/imports/<int:import_id>/mend/<int:row_id>/", views.mend_in_preview, name="import_mend"),
    path(f"{HERE}/data/imports/<int:import_id>/take/", views.take, name="import_take"),
    path(f"{HERE}/data/imports/<int:import_id>/go-on/", views.go_on, name="import_go_on"),
    path(f"{HERE}/data/imports/<int:import_id>/cancel/", views.cancel, name="import_cancel"),
    path(f"{HERE}/data/imports/<int:import_id>/undo/", views.undo, name="import_undo"),
    path(f"{HERE}/problems/", views.problems, name="problems"),
    path(f"{HERE}/problems/rows/", views.open_rows, name="problem_rows"),
    path(f"{HERE}/problems/again/", views.check_again, name="problems_again"),
    path(f"{HERE}/problems/waive/", views.waive, name="waive"),
    path(f"{HERE}/problems/<int:row_id>/mend/", views.mend, name="mend"),
    path(f"{HERE}/values/", views.values, name="values"),
    path(f"{HERE}/values/save/", views.save_values, name="save_values"),
]
