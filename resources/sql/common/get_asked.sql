-- SPDX-License-Identifier: Apache-2.0
SELECT api, stream, model FROM call WHERE id = :call
