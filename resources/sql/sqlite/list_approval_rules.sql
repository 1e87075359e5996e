-- SPDX-License-Identifier: Apache-2.0
SELECT rule FROM approval_rule ORDER BY at_us, uid
