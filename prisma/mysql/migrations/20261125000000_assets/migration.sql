-- CreateTable
CREATE TABLE `asset` (
    `id` VARCHAR(191) NOT NULL,
    `check` VARCHAR(191) NOT NULL,
    `bytes` BIGINT NOT NULL,
    `blob` VARCHAR(191) NOT NULL,
    `uploaderId` VARCHAR(191) NOT NULL,
    `storedAt` DATETIME(3) NOT NULL,
    `unusedSince` DATETIME(3) NULL,

    INDEX `asset_uploaderId_bytes_idx`(`uploaderId`, `bytes`),
    INDEX `asset_unusedSince_idx`(`unusedSince`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `asset_claim` (
    `assetId` VARCHAR(191) NOT NULL,
    `userId` VARCHAR(191) NOT NULL,
    `check` VARCHAR(191) NOT NULL,
    `bytes` BIGINT NOT NULL,
    `until` DATETIME(3) NOT NULL,
    `isStored` BOOLEAN NOT NULL DEFAULT false,

    INDEX `asset_claim_userId_isStored_until_idx`(`userId`, `isStored`, `until`),
    INDEX `asset_claim_until_idx`(`until`),
    PRIMARY KEY (`assetId`, `userId`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `asset_reference` (
    `assetId` VARCHAR(191) NOT NULL,
    `conversationId` VARCHAR(191) NOT NULL,
    `sendKey` VARCHAR(200) NOT NULL,
    `seq` INTEGER NULL,
    `since` INTEGER NOT NULL,
    `openSince` DATETIME(3) NULL,

    INDEX `asset_reference_conversationId_seq_idx`(`conversationId`, `seq`),
    INDEX `asset_reference_openSince_idx`(`openSince`),
    PRIMARY KEY (`assetId`, `conversationId`, `sendKey`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `upload` (
    `id` VARCHAR(191) NOT NULL,
    `assetId` VARCHAR(191) NOT NULL,
    `userId` VARCHAR(191) NOT NULL,
    `check` VARCHAR(191) NOT NULL,
    `bytes` BIGINT NOT NULL,
    `hasBlob` BOOLEAN NOT NULL DEFAULT true,
    `touchedAt` DATETIME(3) NOT NULL,

    INDEX `upload_userId_assetId_idx`(`userId`, `assetId`),
    INDEX `upload_touchedAt_idx`(`touchedAt`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
