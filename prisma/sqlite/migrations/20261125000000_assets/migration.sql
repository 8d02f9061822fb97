-- CreateTable
CREATE TABLE "asset" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "check" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "blob" TEXT NOT NULL,
    "uploaderId" TEXT NOT NULL,
    "storedAt" DATETIME NOT NULL,
    "unusedSince" DATETIME
);

-- CreateTable
CREATE TABLE "asset_claim" (
    "assetId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "check" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "until" DATETIME NOT NULL,
    "isStored" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("assetId", "userId")
);

-- CreateTable
CREATE TABLE "asset_reference" (
    "assetId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "sendKey" TEXT NOT NULL,
    "seq" INTEGER,
    "since" INTEGER NOT NULL,
    "openSince" DATETIME,

    PRIMARY KEY ("assetId", "conversationId", "sendKey")
);

-- CreateTable
CREATE TABLE "upload" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "assetId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "check" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "hasBlob" BOOLEAN NOT NULL DEFAULT true,
    "touchedAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "asset_uploaderId_bytes_idx" ON "asset"("uploaderId", "bytes");

-- CreateIndex
CREATE INDEX "asset_unusedSince_idx" ON "asset"("unusedSince");

-- CreateIndex
CREATE INDEX "asset_claim_userId_isStored_until_idx" ON "asset_claim"("userId", "isStored", "until");

-- CreateIndex
CREATE INDEX "asset_claim_until_idx" ON "asset_claim"("until");

-- CreateIndex
CREATE INDEX "asset_reference_conversationId_seq_idx" ON "asset_reference"("conversationId", "seq");

-- CreateIndex
CREATE INDEX "asset_reference_openSince_idx" ON "asset_reference"("openSince");

-- CreateIndex
CREATE INDEX "upload_userId_assetId_idx" ON "upload"("userId", "assetId");

-- CreateIndex
CREATE INDEX "upload_touchedAt_idx" ON "upload"("touchedAt");
