-- SPDX-License-Identifier: Apache-2.0
UPDATE remnant SET id = :id WHERE kind = :kind
