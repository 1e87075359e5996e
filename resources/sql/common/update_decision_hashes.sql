-- SPDX-License-Identifier: Apache-2.0
-- Keeps what the texts of a decision hash to, before they go.
UPDATE decision SET
    original_sha256 = coalesce((SELECT hash FROM content WHERE content.id = decision.original_content_id), original_sha256),
    final_sha256 = coalesce((SELECT hash FROM content WHERE content.id = decision.final_content_id), final_sha256)
WHERE id = :row
