// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_sections.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
std::ptrdiff_t offset(std::size_t index)
{
    return static_cast<std::ptrdiff_t>(index);
}

std::size_t indexIn(const std::deque<SessionPlace>& places, const store::Cursor& at)
{
    const auto found = std::ranges::lower_bound(places, at, std::ranges::greater(), &SessionPlace::at);
    return static_cast<std::size_t>(found - places.begin());
}
} // namespace

int SessionSections::rows() const
{
    return static_cast<int>(m_size + m_sections.size());
}

void SessionSections::count() const
{
    if (m_heads.size() == m_sections.size())
        return;
    m_heads.clear();
    int row = 0;
    for (const Section& section : m_sections) {
        m_heads.push_back(row);
        row += 1 + static_cast<int>(section.places.size());
    }
}

int SessionSections::headRow(std::size_t section) const
{
    count();
    return section < m_heads.size() ? m_heads[section] : rows();
}

std::size_t SessionSections::sectionOfRow(int row) const
{
    count();
    const auto after = std::ranges::upper_bound(m_heads, row);
    return static_cast<std::size_t>(after - m_heads.begin()) - 1;
}

std::optional<SessionSections::Spot> SessionSections::spotOfRow(int row) const
{
    const std::size_t section = sectionOfRow(row);
    const int within = row - m_heads[section];
    if (within == 0)
        return std::nullopt;
    return Spot{section, static_cast<std::size_t>(within) - 1};
}

std::size_t SessionSections::sectionFor(std::int64_t key) const
{
    const auto found = std::ranges::lower_bound(m_sections, key, {}, &Section::key);
    return static_cast<std::size_t>(found - m_sections.begin());
}

bool SessionSections::hasSectionOf(const SessionPlace& place) const
{
    const std::int64_t key = m_keyOf(place);
    const std::size_t section = sectionFor(key);
    return section < m_sections.size() && m_sections[section].key == key;
}

SessionSections::Spot SessionSections::spotFor(const SessionPlace& place) const
{
    const std::int64_t key = m_keyOf(place);
    const std::size_t section = sectionFor(key);
    if (section == m_sections.size() || m_sections[section].key != key)
        return {section, 0};
    return {section, indexIn(m_sections[section].places, place.at)};
}

std::optional<SessionSections::Spot> SessionSections::find(const SessionPlace& place) const
{
    if (!hasSectionOf(place))
        return std::nullopt;
    const Spot spot = spotFor(place);
    const auto& places = m_sections[spot.section].places;
    if (spot.index < places.size() && places[spot.index].at == place.at)
        return spot;
    return std::nullopt;
}

std::optional<SessionPlace> SessionSections::findRow(std::int64_t row) const
{
    for (const Section& section : m_sections) {
        const auto found =
            std::ranges::find_if(section.places, [row](const SessionPlace& place) { return place.at.row == row; });
        if (found != section.places.end())
            return *found;
    }
    return std::nullopt;
}

void SessionSections::insert(const SessionPlace& place)
{
    const std::int64_t key = m_keyOf(place);
    const std::size_t section = sectionFor(key);
    if (section == m_sections.size() || m_sections[section].key != key)
        m_sections.insert(m_sections.begin() + offset(section), Section{.key = key, .places = {}});
    auto& places = m_sections[section].places;
    places.insert(places.begin() + offset(indexIn(places, place.at)), place);
    ++m_size;
    m_heads.clear();
}

void SessionSections::remove(const Spot& spot)
{
    auto& places = m_sections[spot.section].places;
    places.erase(places.begin() + offset(spot.index));
    if (places.empty())
        m_sections.erase(m_sections.begin() + offset(spot.section));
    --m_size;
    m_heads.clear();
}

void SessionSections::clear()
{
    m_sections.clear();
    m_heads.clear();
    m_size = 0;
}

void SessionSections::forEach(const std::function<void(const SessionPlace&)>& look) const
{
    for (const Section& section : m_sections)
        std::ranges::for_each(section.places, look);
}

double SessionSections::topOf(int row, int headHeight, int sessionHeight) const
{
    if (m_sections.empty())
        return 0;
    // A row beyond the end begins where the last one ends.
    const std::size_t section = sectionOfRow(std::max(0, row));
    const auto heads = static_cast<int>(section) + (row > m_heads[section] ? 1 : 0);
    return static_cast<double>(heads) * headHeight + static_cast<double>(row - heads) * sessionHeight;
}

int SessionSections::rowAtTop(double top, int headHeight, int sessionHeight) const
{
    int first = 0;
    int last = std::max(0, rows() - 1);
    while (first < last) {
        const int middle = first + (last - first + 1) / 2;
        if (topOf(middle, headHeight, sessionHeight) <= top)
            first = middle;
        else
            last = middle - 1;
    }
    return first;
}

} // namespace luthien::desktop
