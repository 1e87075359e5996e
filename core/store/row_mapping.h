// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

namespace luthien::store {

class Statement;

/// A row of list_sessions or get_session.
[[nodiscard]] SessionRow sessionFrom(const Statement& row);
/// A row of a query on the view call_row.
[[nodiscard]] CallRow callFrom(const Statement& row);
/// A row of one of the lists of decisions; original and final, which are packed, and the cursor's micros are left out.
[[nodiscard]] DecisionRow decisionFrom(const Statement& row);
/// The columns of original and final in it: raw_bytes, codec, data each.
inline constexpr int kOriginalColumn = 25;
inline constexpr int kFinalColumn = 28;

} // namespace luthien::store
