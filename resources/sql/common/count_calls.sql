-- SPDX-License-Identifier: Apache-2.0
SELECT calls FROM session WHERE uid = :session
