-- AlterTable
ALTER TABLE `user` ADD COLUMN `ownerId` VARCHAR(191) NULL;

-- CreateTable
CREATE TABLE `api_key` (
    `id` VARCHAR(191) NOT NULL,
    `hash` VARCHAR(191) NOT NULL,
    `hint` VARCHAR(191) NOT NULL,
    `name` VARCHAR(191) NOT NULL,
    `ownerId` VARCHAR(191) NOT NULL,
    `botId` VARCHAR(191) NOT NULL,
    `scopes` VARCHAR(191) NOT NULL,
    `createdAt` DATETIME(3) NOT NULL,
    `lastUsedAt` DATETIME(3) NULL,
    `revokedAt` DATETIME(3) NULL,

    UNIQUE INDEX `api_key_hash_key`(`hash`),
    INDEX `api_key_ownerId_idx`(`ownerId`),
    INDEX `api_key_botId_idx`(`botId`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `api_request` (
    `userId` VARCHAR(191) NOT NULL,
    `key` VARCHAR(191) NOT NULL,
    `request` VARCHAR(191) NOT NULL,
    `since` INTEGER NOT NULL,
    `createdAt` DATETIME(3) NOT NULL,

    INDEX `api_request_createdAt_idx`(`createdAt`),
    PRIMARY KEY (`userId`, `key`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateIndex
CREATE INDEX `user_ownerId_idx` ON `user`(`ownerId`);
