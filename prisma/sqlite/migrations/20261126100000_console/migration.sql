-- AlterTable
ALTER TABLE "user" ADD COLUMN "suspendedAt" DATETIME;

-- CreateTable
CREATE TABLE "audit_entry" (
    "position" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "byUser" TEXT NOT NULL,
    "byDevice" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT ''
);

-- CreateTable
CREATE TABLE "report" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "conversationId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "authorId" TEXT NOT NULL,
    "reporterId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open'
);

-- CreateTable
CREATE TABLE "server_setting" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "user_role_idx" ON "user"("role");

-- CreateIndex
CREATE UNIQUE INDEX "report_conversationId_seq_reporterId_key" ON "report"("conversationId", "seq", "reporterId");

-- CreateIndex
CREATE INDEX "report_state_createdAt_idx" ON "report"("state", "createdAt");

-- CreateIndex
CREATE INDEX "invite_expiresAt_idx" ON "invite"("expiresAt");

-- Whoever signs up next is not the first, where there are people already.
INSERT INTO "server_setting" ("name", "value") SELECT 'first-operator', '' WHERE EXISTS (SELECT 1 FROM "user");
