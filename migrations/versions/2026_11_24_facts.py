"""Facts, check-ins, outcomes, certificates, the reserve, reports.

Revision ID: 2026_11_24_facts
Revises: 2026_11_23_first
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_facts"
down_revision = "2026_11_23_first"
branch_labels = None
depends_on = None


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

# Facts and check-ins only grow: what was wrong is reversed by a row of its own.
APPEND_ONLY = ("participation", "attendance")


def is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def guard() -> None:
    if not is_sqlite():
        op.execute(
            """
            CREATE FUNCTION row_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'facts are append-only' USING ERRCODE = 'restrict_violation'; END $$
            """
        )
    for table in APPEND_ONLY:
        if is_sqlite():
            for deed in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION row_is_append_only()"
            )


def unguard() -> None:
    for table in APPEND_ONLY:
        if is_sqlite():
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    if not is_sqlite():
        op.execute("DROP FUNCTION row_is_append_only()")


def give_passes() -> None:
    """A pass for every entry that was made before there were passes."""
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("pass_code", sa.String(length=8), nullable=True))
    registration = sa.table("registration", sa.column("id", sa.Integer), sa.column("pass_code", sa.String))
    connection = op.get_bind()
    given: set[str] = set()
    for key in connection.scalars(sa.select(registration.c.id)).all():
        while (code := "".join(secrets.choice(ALPHABET) for _ in range(8))) in given:
            pass
        given.add(code)
        connection.execute(registration.update().where(registration.c.id == key).values(pass_code=code))
    with op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("pass_code", existing_type=sa.String(length=8), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_registration_pass_code"), ["pass_code"])


def upgrade() -> None:
    op.create_table(
        "certificate_book",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_certificate_book")),
    )
    op.create_table(
        "indicator_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("figure", sa.BigInteger(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                "replaced",
                name="reportstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("claim", sa.String(length=64), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["indicator_report.id"], name=op.f("fk_indicator_report_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_indicator_report_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_indicator_report_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_report_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_indicator_report_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_indicator_report_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_report")),
        sa.UniqueConstraint("claim", name=op.f("uq_indicator_report_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_report_code")),
    )
    with op.batch_alter_table("indicator_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_report_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_report_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_report_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_indicator_report_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_indicator_report_state"), ["state"], unique=False)

    op.create_table(
        "indicator_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["indicator_report.id"], name=op.f("fk_indicator_evidence_report_id")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_indicator_evidence_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_evidence")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_evidence_code")),
    )
    with op.batch_alter_table("indicator_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_evidence_report_id"), ["report_id"], unique=False)

    op.create_table(
        "outcome_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "submitted", "confirmed", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_outcome_sheet_activity_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_outcome_sheet_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_outcome_sheet_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_outcome_sheet_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_outcome_sheet_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_sheet")),
        sa.UniqueConstraint("code", name=op.f("uq_outcome_sheet_code")),
        sa.UniqueConstraint("track_id", name=op.f("uq_outcome_sheet_track_id")),
    )
    with op.batch_alter_table("outcome_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_sheet_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_sheet_confirmed_at"), ["confirmed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_sheet_state"), ["state"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column(
            "way",
            sa.Enum("camera", "photo", "typed", "list", "link", name="way", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_attendance_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_attendance_registration_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_attendance_session_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["attendance.id"], name=op.f("fk_attendance_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("code", name=op.f("uq_attendance_code")),
        sa.UniqueConstraint(
            "registration_id", "place", "turn", name=op.f("uq_attendance_registration_id_place_turn")
        ),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_attendance_undoes_id")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_session_id"), ["session_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "award",
                "participation",
                "organisation",
                "coach",
                "completion",
                "appointment",
                "other",
                name="kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column(
            "state",
            sa.Enum("queued", "issued", "revoked", "reissued", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("queued_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_certificate_activity_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["organisation.id"], name=op.f("fk_certificate_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["queued_by_id"], ["account.id"], name=op.f("fk_certificate_queued_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_certificate_registration_id")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("claim", name=op.f("uq_certificate_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificate_replaces_id")),
        sa.UniqueConstraint("subject", "version_no", name=op.f("uq_certificate_subject_version_no")),
        sa.UniqueConstraint("token", name=op.f("uq_certificate_token")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_issuer_id"), ["issuer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_state"), ["state"], unique=False)

    op.create_table(
        "outcome_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "completed",
                "failed",
                "absent",
                "competed",
                "disqualified",
                name="verdict",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column(
            "award",
            sa.Enum(
                "first_prize",
                "second_prize",
                "third_prize",
                "merit_award",
                name="award",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("title_proposed", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_outcome_line_registration_id")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["outcome_sheet.id"], name=op.f("fk_outcome_line_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_line")),
        sa.UniqueConstraint("code", name=op.f("uq_outcome_line_code")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_outcome_line_registration_id")),
    )
    with op.batch_alter_table("outcome_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_line_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("rests_on_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "activity_held",
                "completed",
                "level_assessed",
                "level_certified",
                "award_won",
                "reserve_confirmed",
                "hired",
                name="outcome",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "competition",
                "forum",
                "lecture",
                "seminar",
                "training_class",
                "experience",
                "assessment",
                "job_fair",
                name="kind",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "unit",
                "district",
                "municipal",
                "national",
                "international",
                name="level",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "series",
            sa.Enum(
                "district",
                "industry",
                "post_drill",
                "invitational",
                "selection",
                name="series",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "industry",
            sa.Enum(
                "vehicles",
                "electronics",
                "high_end_equipment",
                "smart_home",
                "consumer_goods",
                "new_energy",
                "biomedicine",
                "digital",
                "modern_services",
                "agriculture",
                "construction",
                name="industry",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("tags", sa.String(length=500), nullable=False),
        sa.Column("needs", sa.String(length=100), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "enterprise_employee",
                "vocational_student",
                "vocational_teacher",
                "pupil",
                "citizen",
                "flexible_worker",
                "rural_worker",
                "jobseeker",
                "public_staff",
                "expert",
                "other",
                name="category",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "skill_level",
            sa.Enum(
                "none",
                "apprentice_worker",
                "junior_worker",
                "intermediate_worker",
                "advanced_worker",
                "technician",
                "senior_technician",
                "special_technician",
                "chief_technician",
                name="skilllevel",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.String(length=120), nullable=False),
        sa.Column("is_outside", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_participation_heads_not_negative")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_participation_activity_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participation_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_participation_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_participation_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["rests_on_id"], ["participation.id"], name=op.f("fk_participation_rests_on_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["participation.id"], name=op.f("fk_participation_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("code", name=op.f("uq_participation_code")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_participation_reverses_id")),
        sa.UniqueConstraint("source", "turn", name=op.f("uq_participation_source_turn")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_participation_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_participation_outcome_day", ["outcome", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_participation_registration_id"), ["registration_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_participation_rests_on_id"), ["rests_on_id"], unique=False)

    op.create_table(
        "certificate_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column(
            "wish", sa.Enum("revoke", "reissue", name="wish", native_enum=False, length=24), nullable=False
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_certificate_change_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_change_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_certificate_change_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_change")),
        sa.UniqueConstraint("claim", name=op.f("uq_certificate_change_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_change_code")),
    )
    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_change_certificate_id"), ["certificate_id"], unique=False
        )

    op.create_table(
        "outcome_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "completed",
                "failed",
                "absent",
                "competed",
                "disqualified",
                name="verdict",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column(
            "award",
            sa.Enum(
                "first_prize",
                "second_prize",
                "third_prize",
                "merit_award",
                name="award",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("title_proposed", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_outcome_correction_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_outcome_correction_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["outcome_line.id"], name=op.f("fk_outcome_correction_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_correction")),
        sa.UniqueConstraint("claim", name=op.f("uq_outcome_correction_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_outcome_correction_code")),
    )
    with op.batch_alter_table("outcome_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_correction_line_id"), ["line_id"], unique=False)

    op.create_table(
        "reserve_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "seed",
                "district_squad",
                "municipal_squad",
                "national_squad",
                "competitor",
                name="tier",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("confirmed", "declined", "exited", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("basis_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["basis_id"], ["participation.id"], name=op.f("fk_reserve_entry_basis_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_reserve_entry_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["participation.id"], name=op.f("fk_reserve_entry_fact_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reserve_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_entry")),
        sa.UniqueConstraint("code", name=op.f("uq_reserve_entry_code")),
        sa.UniqueConstraint("person_id", "year", name=op.f("uq_reserve_entry_person_id_year")),
    )
    with op.batch_alter_table("reserve_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reserve_entry_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reserve_entry_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_reserve_entry_year"), ["year"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_person_merged_into_id"), "person", ["merged_into_id"], ["id"]
        )

    give_passes()
    guard()


def downgrade() -> None:
    unguard()
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_registration_pass_code"), type_="unique")
        batch_op.drop_column("pass_code")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("reserve_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reserve_entry_year"))
        batch_op.drop_index(batch_op.f("ix_reserve_entry_state"))
        batch_op.drop_index(batch_op.f("ix_reserve_entry_decided_at"))

    op.drop_table("reserve_entry")
    with op.batch_alter_table("outcome_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_correction_line_id"))

    op.drop_table("outcome_correction")
    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_change_certificate_id"))

    op.drop_table("certificate_change")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_rests_on_id"))
        batch_op.drop_index(batch_op.f("ix_participation_registration_id"))
        batch_op.drop_index(batch_op.f("ix_participation_person_id"))
        batch_op.drop_index("ix_participation_outcome_day")
        batch_op.drop_index(batch_op.f("ix_participation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_participation_activity_id"))

    op.drop_table("participation")
    with op.batch_alter_table("outcome_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_line_sheet_id"))

    op.drop_table("outcome_line")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_state"))
        batch_op.drop_index(batch_op.f("ix_certificate_registration_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_person_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_number"))
        batch_op.drop_index(batch_op.f("ix_certificate_issuer_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_ended_at"))
        batch_op.drop_index(batch_op.f("ix_certificate_activity_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_session_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_at"))

    op.drop_table("attendance")
    with op.batch_alter_table("outcome_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_sheet_state"))
        batch_op.drop_index(batch_op.f("ix_outcome_sheet_confirmed_at"))
        batch_op.drop_index(batch_op.f("ix_outcome_sheet_activity_id"))

    op.drop_table("outcome_sheet")
    with op.batch_alter_table("indicator_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_evidence_report_id"))

    op.drop_table("indicator_evidence")
    with op.batch_alter_table("indicator_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_report_state"))
        batch_op.drop_index(batch_op.f("ix_indicator_report_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_report_indicator_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_report_decided_at"))
        batch_op.drop_index(batch_op.f("ix_indicator_report_corrects_id"))

    op.drop_table("indicator_report")
    op.drop_table("certificate_book")
