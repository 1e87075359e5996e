// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

namespace luthien::store {

class Statement;

/// A row of list_sessions or get_session.
[[nodiscard]] SessionRow sessionFrom(const Statement& row);
/// A row of a query on the view call_row.
[[nodiscard]] CallRow callFrom(const Statement& row);

} // namespace luthien::store
