-- SPDX-License-Identifier: Apache-2.0
INSERT INTO evidence (instance_id, id, kind, subject_id, form, sha256, hmac)
VALUES (:instance, :id, :kind, :subject, :form, :sha256, :hmac)
