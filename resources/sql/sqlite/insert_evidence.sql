-- SPDX-License-Identifier: Apache-2.0
INSERT INTO evidence (id, kind, subject_id, form, sha256) VALUES (:id, :kind, :subject, :form, :sha256)
