"""Let schools book skill experience.

Revision ID: 2026_11_26_booking
Revises: 2026_11_25_entering
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_booking"
down_revision = "2026_11_25_entering"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("grades", sa.String(length=60), nullable=False),
        sa.Column("is_rural", sa.Boolean(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("listed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_school_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("code", name=op.f("uq_school_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_school_organisation_id")),
    )
    op.create_table(
        "season",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("days_least", sa.Integer(), nullable=False),
        sa.Column("days_most", sa.Integer(), nullable=False),
        sa.Column("first_days", sa.Integer(), nullable=False),
        sa.Column("visits_most", sa.Integer(), nullable=False),
        sa.Column("pupils_a_teacher", sa.Integer(), nullable=False),
        sa.Column("pupils_a_teacher_secondary", sa.Integer(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("decide_days", sa.Integer(), nullable=False),
        sa.Column("no_shows_most", sa.Integer(), nullable=False),
        sa.Column("closures", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_season_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_season_activity_id")),
        sa.UniqueConstraint("code", name=op.f("uq_season_code")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("grades", sa.String(length=60), nullable=False),
        sa.Column("takes_citizens", sa.Boolean(), nullable=False),
        sa.Column("is_visiting", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stations", sa.String(length=120), nullable=False),
        sa.Column("staff", sa.String(length=120), nullable=False),
        sa.Column("risk_note", sa.String(length=300), nullable=False),
        sa.Column("what_to_bring", sa.String(length=200), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_theme_season_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_theme_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("code", name=op.f("uq_theme_code")),
        sa.UniqueConstraint("season_id", "title", name=op.f("uq_theme_season_id_title")),
    )
    with op.batch_alter_table("theme") as batch_op:
        batch_op.create_index(batch_op.f("ix_theme_season_id"), ["season_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_theme_venue_id"), ["venue_id"], unique=False)

    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "open", "closed", "called_off", name="slotstate", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken <= capacity", name=op.f("ck_slot_taken_within_capacity")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_slot_taken_not_negative")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_slot_host_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_slot_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("code", name=op.f("uq_slot_code")),
    )
    with op.batch_alter_table("slot") as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_slot_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_slot_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_slot_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("visit", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("claim", sa.String(length=80), nullable=True),
        sa.Column(
            "grade",
            sa.Enum(
                "P1",
                "P2",
                "P3",
                "P4",
                "P5",
                "P6",
                "J1",
                "J2",
                "J3",
                "S1",
                "S2",
                "S3",
                "V",
                name="grade",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("classes", sa.String(length=20), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_sealed", sa.Text(), nullable=True),
        sa.Column(
            "transport",
            sa.Enum(
                "own_bus",
                "hired_bus",
                "public",
                "on_foot",
                "wanted",
                name="transport",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("plates", sa.String(length=60), nullable=False),
        sa.Column("insurance", sa.String(length=60), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "approval",
                "requested",
                "waiting",
                "confirmed",
                "arrived",
                "completed",
                "no_show",
                "cancelled",
                "late_cancelled",
                "refused",
                "lapsed",
                "called_off",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("arrived_heads", sa.Integer(), nullable=True),
        sa.Column("arrived_teachers", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(), nullable=True),
        sa.Column("arrived_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("heads > 0", name=op.f("ck_booking_heads_positive")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_booking_account_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["upload.id"], name=op.f("fk_booking_agreement_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name=op.f("fk_booking_approved_by_id")),
        sa.ForeignKeyConstraint(["arrived_by_id"], ["account.id"], name=op.f("fk_booking_arrived_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_booking_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_booking_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("claim", name=op.f("uq_booking_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_booking_code")),
    )
    with op.batch_alter_table("booking") as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_slot_id"), ["slot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_state"), ["state"], unique=False)
        batch_op.create_index("ix_booking_state_held_until", ["state", "held_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_visit"), ["visit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_visit"))
        batch_op.drop_index("ix_booking_state_held_until")
        batch_op.drop_index(batch_op.f("ix_booking_state"))
        batch_op.drop_index(batch_op.f("ix_booking_slot_id"))
        batch_op.drop_index(batch_op.f("ix_booking_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_booking_account_id"))

    op.drop_table("booking")
    with op.batch_alter_table("slot") as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_theme_id"))
        batch_op.drop_index(batch_op.f("ix_slot_state"))
        batch_op.drop_index(batch_op.f("ix_slot_starts_at"))
        batch_op.drop_index(batch_op.f("ix_slot_host_id"))

    op.drop_table("slot")
    with op.batch_alter_table("theme") as batch_op:
        batch_op.drop_index(batch_op.f("ix_theme_venue_id"))
        batch_op.drop_index(batch_op.f("ix_theme_season_id"))

    op.drop_table("theme")
    op.drop_table("season")
    op.drop_table("school")
