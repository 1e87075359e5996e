-- SPDX-License-Identifier: Apache-2.0
DELETE FROM node WHERE id = :node
