// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/cursor.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace luthien::desktop {

/// The places of all rows of a list, newest first: 16 bytes a row, so that row number and place lead to each other
/// without asking the database to count. Thread: one at a time.
class PlaceIndex
{
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_places.size(); }
    [[nodiscard]] const store::Cursor& at(std::size_t index) const { return m_places[index]; }
    /// The row that holds this very place.
    [[nodiscard]] std::optional<std::size_t> find(const store::Cursor& place) const;
    /// The row of the database with this key, wherever its time has put it. Looks at every row.
    [[nodiscard]] std::optional<std::size_t> findRow(std::int64_t row) const;
    /// Where a place stands or would stand.
    [[nodiscard]] std::size_t rankOf(const store::Cursor& place) const;

    void append(const store::Cursor& older) { m_places.push_back(older); }
    void insert(std::size_t rank, const store::Cursor& place);
    void remove(std::size_t rank) { m_places.erase(m_places.begin() + static_cast<std::ptrdiff_t>(rank)); }
    void move(std::size_t from, std::size_t to, const store::Cursor& place);
    void clear() { m_places = {}; }

private:
    std::vector<store::Cursor> m_places; ///< descending
};

} // namespace luthien::desktop
