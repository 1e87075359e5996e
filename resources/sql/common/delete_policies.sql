-- SPDX-License-Identifier: Apache-2.0
DELETE FROM policy WHERE instance_id = :instance
