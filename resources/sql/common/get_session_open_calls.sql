-- SPDX-License-Identifier: Apache-2.0
SELECT open_calls FROM session WHERE uid = :uid AND removed_uid IS NULL
