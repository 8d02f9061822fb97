-- AlterTable
ALTER TABLE `user` ADD COLUMN `suspendedAt` DATETIME(3) NULL;

-- CreateTable
CREATE TABLE `audit_entry` (
    `position` INTEGER NOT NULL AUTO_INCREMENT,
    `at` DATETIME(3) NOT NULL,
    `byUser` VARCHAR(191) NOT NULL,
    `byDevice` VARCHAR(191) NOT NULL,
    `act` VARCHAR(191) NOT NULL,
    `subject` VARCHAR(191) NOT NULL,
    `detail` VARCHAR(1024) NOT NULL DEFAULT '',

    PRIMARY KEY (`position`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `report` (
    `id` VARCHAR(191) NOT NULL,
    `conversationId` VARCHAR(191) NOT NULL,
    `seq` INTEGER NOT NULL,
    `authorId` VARCHAR(191) NOT NULL,
    `reporterId` VARCHAR(191) NOT NULL,
    `reason` VARCHAR(191) NOT NULL,
    `note` VARCHAR(2048) NOT NULL,
    `excerpt` TEXT NOT NULL,
    `createdAt` DATETIME(3) NOT NULL,
    `state` VARCHAR(191) NOT NULL DEFAULT 'open',

    UNIQUE INDEX `report_conversationId_seq_reporterId_key`(`conversationId`, `seq`, `reporterId`),
    INDEX `report_state_createdAt_idx`(`state`, `createdAt`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `server_setting` (
    `name` VARCHAR(191) NOT NULL,
    `value` VARCHAR(191) NOT NULL,

    PRIMARY KEY (`name`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateIndex
CREATE INDEX `user_role_idx` ON `user`(`role`);

-- CreateIndex
CREATE INDEX `invite_expiresAt_idx` ON `invite`(`expiresAt`);

-- Whoever signs up next is not the first, where there are people already.
INSERT INTO `server_setting` (`name`, `value`) SELECT 'first-operator', '' FROM DUAL WHERE EXISTS (SELECT 1 FROM `user`);
