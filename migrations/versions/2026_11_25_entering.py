"""Teams, delegations, quotas, forms, lists, stamped copies, check-in points.

Revision ID: 2026_11_25_entering
Revises: 2026_11_24_facts
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_entering"
down_revision = "2026_11_24_facts"
branch_labels = None
depends_on = None


def is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def let_go() -> None:
    """Check-ins are append-only; for a moment they are not. SQLite makes the table anew, without its triggers."""
    if is_sqlite():
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER attendance_no_{deed}")
    else:
        op.execute("ALTER TABLE attendance DISABLE TRIGGER attendance_no_change")


def guard() -> None:
    if is_sqlite():
        for deed in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER attendance_no_{deed} BEFORE {deed} ON attendance "
                "BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END"
            )
    else:
        op.execute("ALTER TABLE attendance ENABLE TRIGGER attendance_no_change")


def upgrade() -> None:
    op.create_table(
        "reminded",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reminded")),
    )
    with op.batch_alter_table("reminded") as batch_op:
        batch_op.create_index(op.f("ix_reminded_at"), ["at"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_merge_by_id")),
        sa.ForeignKeyConstraint(["new_id"], ["person.id"], name=op.f("fk_merge_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["person.id"], name=op.f("fk_merge_old_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=op.f("fk_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
        sa.UniqueConstraint("code", name=op.f("uq_merge_code")),
    )
    with op.batch_alter_table("merge") as batch_op:
        batch_op.create_index(op.f("ix_merge_new_id"), ["new_id"], unique=False)
        batch_op.create_index(op.f("ix_merge_old_id"), ["old_id"], unique=False)

    op.create_table(
        "no_twins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_no_twins_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["person.id"], name=op.f("fk_no_twins_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_no_twins_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_twins")),
        sa.UniqueConstraint("code", name=op.f("uq_no_twins_code")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_no_twins_one_id_other_id")),
    )
    op.create_table(
        "registration_bulk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_registration_bulk_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_bulk")),
        sa.UniqueConstraint("code", name=op.f("uq_registration_bulk_code")),
    )
    with op.batch_alter_table("registration_bulk") as batch_op:
        batch_op.create_index(op.f("ix_registration_bulk_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_questionnaire_activity_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_questionnaire_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_questionnaire_activity_id_number")),
        sa.UniqueConstraint("code", name=op.f("uq_questionnaire_code")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("coach", sa.String(length=64), nullable=False),
        sa.Column("leader", sa.String(length=64), nullable=False),
        sa.Column("leader_phone_sealed", sa.Text(), nullable=True),
        sa.Column("takes_part", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("token_sealed", sa.Text(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("allotted", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("opinion", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("claim", sa.String(length=48), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_party_activity_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_party_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_party_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_party_owner_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_party_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("claim", name=op.f("uq_party_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_party_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_party_token_hash")),
    )
    with op.batch_alter_table("party") as batch_op:
        batch_op.create_index(op.f("ix_party_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(op.f("ix_party_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(op.f("ix_party_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_party_track_state", ["track_id", "state"], unique=False)

    op.create_table(
        "quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken <= capacity", name=op.f("ck_quota_taken_within_capacity")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_quota_taken_not_negative")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_quota_activity_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quota_organisation_id")
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_quota_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
        sa.UniqueConstraint(
            "activity_id", "place", "kind", "key", name=op.f("uq_quota_activity_id_place_kind_key")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_quota_code")),
    )
    with op.batch_alter_table("quota") as batch_op:
        batch_op.create_index(op.f("ix_quota_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(op.f("ix_quota_track_id"), ["track_id"], unique=False)

    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["upload.id"], name=op.f("fk_waiver_evidence_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_waiver_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiver_person_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_waiver_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("code", name=op.f("uq_waiver_code")),
        sa.UniqueConstraint("track_id", "person_id", "rule", name=op.f("uq_waiver_track_id_person_id_rule")),
    )
    with op.batch_alter_table("waiver") as batch_op:
        batch_op.create_index(op.f("ix_waiver_person_id"), ["person_id"], unique=False)

    op.create_table(
        "checkin_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_checkin_point_activity_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_checkin_point_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_point")),
        sa.UniqueConstraint("activity_id", "name", name=op.f("uq_checkin_point_activity_id_name")),
        sa.UniqueConstraint("code", name=op.f("uq_checkin_point_code")),
    )
    with op.batch_alter_table("checkin_point") as batch_op:
        batch_op.create_index(op.f("ix_checkin_point_session_id"), ["session_id"], unique=False)

    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("true_source", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_intake_activity_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_intake_batch_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_intake_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_intake_organisation_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_intake_party_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_intake_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("code", name=op.f("uq_intake_code")),
    )
    with op.batch_alter_table("intake") as batch_op:
        batch_op.create_index(op.f("ix_intake_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(op.f("ix_intake_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(op.f("ix_intake_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(op.f("ix_intake_party_id"), ["party_id"], unique=False)
        batch_op.create_index(op.f("ix_intake_sha256"), ["sha256"], unique=False)
        batch_op.create_index(op.f("ix_intake_state"), ["state"], unique=False)
        batch_op.create_index(op.f("ix_intake_track_id"), ["track_id"], unique=False)

    op.create_table(
        "party_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entry_sealed", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("claim", sa.String(length=48), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_party_member_added_by_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_member_party_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_member")),
        sa.UniqueConstraint("claim", name=op.f("uq_party_member_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_party_member_code")),
    )
    with op.batch_alter_table("party_member") as batch_op:
        batch_op.create_index(op.f("ix_party_member_party_id"), ["party_id"], unique=False)
        batch_op.create_index(op.f("ix_party_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "intake_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells_sealed", sa.Text(), nullable=False),
        sa.Column("index", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_line_intake_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_intake_line_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_line")),
        sa.UniqueConstraint("code", name=op.f("uq_intake_line_code")),
        sa.UniqueConstraint("intake_id", "number", name=op.f("uq_intake_line_intake_id_number")),
    )
    with op.batch_alter_table("intake_line") as batch_op:
        batch_op.create_index(op.f("ix_intake_line_index"), ["index"], unique=False)
        batch_op.create_index(op.f("ix_intake_line_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "quota_hold",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("quota_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["quota_id"], ["quota.id"], name=op.f("fk_quota_hold_quota_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_quota_hold_registration_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", "quota_id", name=op.f("pk_quota_hold")),
    )
    with op.batch_alter_table("quota_hold") as batch_op:
        batch_op.create_index(op.f("ix_quota_hold_quota_id"), ["quota_id"], unique=False)

    op.create_table(
        "registration_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_registration_comment_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_registration_comment_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_comment")),
        sa.UniqueConstraint("code", name=op.f("uq_registration_comment_code")),
    )
    with op.batch_alter_table("registration_comment") as batch_op:
        batch_op.create_index(
            op.f("ix_registration_comment_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "stamped_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("stamped_by", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stamped_copy_batch_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_stamped_copy_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_stamped_copy_party_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_stamped_copy_registration_id")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_stamped_copy_sent_by_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_stamped_copy_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamped_copy")),
        sa.UniqueConstraint("code", name=op.f("uq_stamped_copy_code")),
    )
    with op.batch_alter_table("stamped_copy") as batch_op:
        batch_op.create_index(op.f("ix_stamped_copy_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(op.f("ix_stamped_copy_party_id"), ["party_id"], unique=False)
        batch_op.create_index(op.f("ix_stamped_copy_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(op.f("ix_stamped_copy_sent_at"), ["sent_at"], unique=False)

    with op.batch_alter_table("activity") as batch_op:
        batch_op.add_column(
            sa.Column("takes_several", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("answer") as batch_op:
        batch_op.add_column(sa.Column("questionnaire_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("values", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column("private_sealed", sa.Text(), nullable=True))
        batch_op.create_index(op.f("ix_answer_questionnaire_id"), ["questionnaire_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_answer_questionnaire_id"), "questionnaire", ["questionnaire_id"], ["id"]
        )

    let_go()
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.add_column(sa.Column("direction", sa.String(length=24), nullable=False, server_default="in"))
        batch_op.add_column(sa.Column("point_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("device_key", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("noted_at", sa.DateTime(), nullable=True))
        batch_op.alter_column(
            "place", existing_type=sa.VARCHAR(length=16), type_=sa.String(length=24), existing_nullable=False
        )
        batch_op.create_index(op.f("ix_attendance_device_key"), ["device_key"], unique=True)
        batch_op.create_index(op.f("ix_attendance_point_id"), ["point_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_attendance_point_id"), "checkin_point", ["point_id"], ["id"])
    guard()

    with op.batch_alter_table("batch") as batch_op:
        batch_op.add_column(
            sa.Column("true_source", sa.String(length=100), nullable=False, server_default="")
        )

    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("party_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("party_role", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("consent", sa.String(length=24), nullable=False, server_default="own"))
        batch_op.add_column(sa.Column("consent_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("consent_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("opinion", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recommended_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("recommended_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_registration_party_id"), ["party_id"], unique=False)
        batch_op.create_index(op.f("ix_registration_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_unique_constraint(op.f("uq_registration_consent_hash"), ["consent_hash"])
        batch_op.create_foreign_key(
            op.f("fk_registration_replaces_id"), "registration", ["replaces_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_registration_recommended_by_id"), "account", ["recommended_by_id"], ["id"]
        )
        batch_op.create_foreign_key(op.f("fk_registration_party_id"), "party", ["party_id"], ["id"])

    with op.batch_alter_table("registration_step") as batch_op:
        batch_op.add_column(sa.Column("changed", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("before_sealed", sa.Text(), nullable=True))

    with op.batch_alter_table("session") as batch_op:
        batch_op.add_column(sa.Column("takes_exit", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("is_self_service", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("track") as batch_op:
        batch_op.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("mode", sa.String(length=24), nullable=False, server_default="single"))
        batch_op.add_column(sa.Column("team_least", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("team_most", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("substitutes_most", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("unit_limit", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("final_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE registration SET state = 'withdrawn', claim = NULL WHERE state = 'standby'")
    op.execute("UPDATE registration_step SET state = 'withdrawn' WHERE state = 'standby'")
    let_go()
    op.execute("DELETE FROM attendance WHERE direction = 'out' AND undoes_id IS NOT NULL")
    op.execute("DELETE FROM attendance WHERE direction = 'out'")
    with op.batch_alter_table("track") as batch_op:
        batch_op.drop_column("final_at")
        batch_op.drop_column("frozen_at")
        batch_op.drop_column("unit_limit")
        batch_op.drop_column("substitutes_most")
        batch_op.drop_column("team_most")
        batch_op.drop_column("team_least")
        batch_op.drop_column("mode")
        batch_op.drop_column("rules")

    with op.batch_alter_table("session") as batch_op:
        batch_op.drop_column("is_self_service")
        batch_op.drop_column("takes_exit")

    with op.batch_alter_table("registration_step") as batch_op:
        batch_op.drop_column("before_sealed")
        batch_op.drop_column("changed")

    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint(op.f("fk_registration_party_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_registration_recommended_by_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_registration_replaces_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_registration_consent_hash"), type_="unique")
        batch_op.drop_index(op.f("ix_registration_replaces_id"))
        batch_op.drop_index(op.f("ix_registration_party_id"))
        batch_op.drop_column("recommended_by_id")
        batch_op.drop_column("recommended_at")
        batch_op.drop_column("opinion")
        batch_op.drop_column("consent_hash")
        batch_op.drop_column("consent_at")
        batch_op.drop_column("consent")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("rank")
        batch_op.drop_column("party_role")
        batch_op.drop_column("party_id")

    with op.batch_alter_table("batch") as batch_op:
        batch_op.drop_column("true_source")

    with op.batch_alter_table("attendance") as batch_op:
        batch_op.drop_constraint(op.f("fk_attendance_point_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_attendance_point_id"))
        batch_op.drop_index(op.f("ix_attendance_device_key"))
        batch_op.alter_column(
            "place", existing_type=sa.String(length=24), type_=sa.VARCHAR(length=16), existing_nullable=False
        )
        batch_op.drop_column("noted_at")
        batch_op.drop_column("device_key")
        batch_op.drop_column("point_id")
        batch_op.drop_column("direction")
    guard()

    with op.batch_alter_table("answer") as batch_op:
        batch_op.drop_constraint(op.f("fk_answer_questionnaire_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_answer_questionnaire_id"))
        batch_op.drop_column("private_sealed")
        batch_op.drop_column("values")
        batch_op.drop_column("questionnaire_id")

    with op.batch_alter_table("activity") as batch_op:
        batch_op.drop_column("takes_several")

    with op.batch_alter_table("stamped_copy") as batch_op:
        batch_op.drop_index(op.f("ix_stamped_copy_sent_at"))
        batch_op.drop_index(op.f("ix_stamped_copy_registration_id"))
        batch_op.drop_index(op.f("ix_stamped_copy_party_id"))
        batch_op.drop_index(op.f("ix_stamped_copy_batch_id"))

    op.drop_table("stamped_copy")
    with op.batch_alter_table("registration_comment") as batch_op:
        batch_op.drop_index(op.f("ix_registration_comment_registration_id"))

    op.drop_table("registration_comment")
    with op.batch_alter_table("quota_hold") as batch_op:
        batch_op.drop_index(op.f("ix_quota_hold_quota_id"))

    op.drop_table("quota_hold")
    with op.batch_alter_table("intake_line") as batch_op:
        batch_op.drop_index(op.f("ix_intake_line_registration_id"))
        batch_op.drop_index(op.f("ix_intake_line_index"))

    op.drop_table("intake_line")
    with op.batch_alter_table("party_member") as batch_op:
        batch_op.drop_index(op.f("ix_party_member_person_id"))
        batch_op.drop_index(op.f("ix_party_member_party_id"))

    op.drop_table("party_member")
    with op.batch_alter_table("intake") as batch_op:
        batch_op.drop_index(op.f("ix_intake_track_id"))
        batch_op.drop_index(op.f("ix_intake_state"))
        batch_op.drop_index(op.f("ix_intake_sha256"))
        batch_op.drop_index(op.f("ix_intake_party_id"))
        batch_op.drop_index(op.f("ix_intake_organisation_id"))
        batch_op.drop_index(op.f("ix_intake_made_by_id"))
        batch_op.drop_index(op.f("ix_intake_activity_id"))

    op.drop_table("intake")
    with op.batch_alter_table("checkin_point") as batch_op:
        batch_op.drop_index(op.f("ix_checkin_point_session_id"))

    op.drop_table("checkin_point")
    with op.batch_alter_table("waiver") as batch_op:
        batch_op.drop_index(op.f("ix_waiver_person_id"))

    op.drop_table("waiver")
    with op.batch_alter_table("quota") as batch_op:
        batch_op.drop_index(op.f("ix_quota_track_id"))
        batch_op.drop_index(op.f("ix_quota_organisation_id"))

    op.drop_table("quota")
    with op.batch_alter_table("party") as batch_op:
        batch_op.drop_index("ix_party_track_state")
        batch_op.drop_index(op.f("ix_party_owner_id"))
        batch_op.drop_index(op.f("ix_party_organisation_id"))
        batch_op.drop_index(op.f("ix_party_activity_id"))

    op.drop_table("party")
    op.drop_table("questionnaire")
    with op.batch_alter_table("registration_bulk") as batch_op:
        batch_op.drop_index(op.f("ix_registration_bulk_made_by_id"))

    op.drop_table("registration_bulk")
    op.drop_table("no_twins")
    with op.batch_alter_table("merge") as batch_op:
        batch_op.drop_index(op.f("ix_merge_old_id"))
        batch_op.drop_index(op.f("ix_merge_new_id"))

    op.drop_table("merge")
    with op.batch_alter_table("reminded") as batch_op:
        batch_op.drop_index(op.f("ix_reminded_at"))

    op.drop_table("reminded")
