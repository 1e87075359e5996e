-- SPDX-License-Identifier: Apache-2.0
SELECT uid FROM rejected_call
