// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/place_index.h"

#include <algorithm>
#include <functional>

namespace luthien::desktop {

namespace {
std::ptrdiff_t offset(std::size_t index)
{
    return static_cast<std::ptrdiff_t>(index);
}
} // namespace

std::size_t PlaceIndex::rankOf(const store::Cursor& place) const
{
    const auto at = std::lower_bound(m_places.begin(), m_places.end(), place, std::greater<>());
    return static_cast<std::size_t>(at - m_places.begin());
}

std::optional<std::size_t> PlaceIndex::find(const store::Cursor& place) const
{
    const std::size_t rank = rankOf(place);
    if (rank < m_places.size() && m_places[rank] == place)
        return rank;
    return std::nullopt;
}

std::optional<std::size_t> PlaceIndex::findRow(std::int64_t row) const
{
    const auto at =
        std::find_if(m_places.begin(), m_places.end(), [row](const store::Cursor& place) { return place.row == row; });
    if (at == m_places.end())
        return std::nullopt;
    return static_cast<std::size_t>(at - m_places.begin());
}

void PlaceIndex::insert(std::size_t rank, const store::Cursor& place)
{
    m_places.insert(m_places.begin() + offset(rank), place);
}

void PlaceIndex::move(std::size_t from, std::size_t to, const store::Cursor& place)
{
    const auto begin = m_places.begin();
    if (to < from)
        std::rotate(begin + offset(to), begin + offset(from), begin + offset(from) + 1);
    else
        std::rotate(begin + offset(from), begin + offset(from) + 1, begin + offset(to) + 1);
    m_places[to] = place;
}

} // namespace luthien::desktop
