// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace luthien::desktop {

/// What is known of every session of a list, whether its row is held or not: 32 bytes.
struct SessionPlace
{
    store::Cursor at;
    std::uint32_t calls = 0;
    std::uint32_t kibibytes = 0; ///< as stored, rounded up
    std::uint16_t client = 0;    ///< number of its client's name
    bool isPinned = false;
    bool isOpen = false;    ///< a call of it is
    bool isFlagged = false; ///< a policy stepped in, or would have
    bool operator==(const SessionPlace&) const = default;
};

/// The places of all sessions of a list in sections, each with a head above it, newest first within. Row numbers count
/// heads and sessions; row number, place and position on screen lead to each other without looking at every row.
/// Thread: one at a time.
class SessionSections
{
public:
    using KeyOf = std::function<std::int64_t(const SessionPlace&)>;
    struct Spot
    {
        std::size_t section = 0;
        std::size_t index = 0; ///< from the newest of the section
        bool operator==(const Spot&) const = default;
    };

    /// keyOf: the section of a place; sections stand by ascending key.
    explicit SessionSections(KeyOf keyOf)
        : m_keyOf(std::move(keyOf))
    {
    }

    [[nodiscard]] int rows() const;
    [[nodiscard]] std::size_t size() const noexcept { return m_size; } ///< sessions
    [[nodiscard]] std::size_t sectionCount() const noexcept { return m_sections.size(); }
    [[nodiscard]] std::int64_t keyAt(std::size_t section) const { return m_sections[section].key; }
    [[nodiscard]] std::size_t sizeOf(std::size_t section) const { return m_sections[section].places.size(); }
    [[nodiscard]] const SessionPlace& at(const Spot& spot) const { return m_sections[spot.section].places[spot.index]; }

    [[nodiscard]] std::size_t sectionOfRow(int row) const;
    /// Nullopt = the head of its section.
    [[nodiscard]] std::optional<Spot> spotOfRow(int row) const;
    [[nodiscard]] int rowOf(const Spot& spot) const { return headRow(spot.section) + 1 + static_cast<int>(spot.index); }
    [[nodiscard]] int headRow(std::size_t section) const;
    /// The session that stands at this very place.
    [[nodiscard]] std::optional<Spot> find(const SessionPlace& place) const;
    /// The session with this key in the database, wherever it stands. Looks at every place.
    [[nodiscard]] std::optional<SessionPlace> findRow(std::int64_t row) const;
    /// Where a place stands or would stand, in its section or where that would begin.
    [[nodiscard]] Spot spotFor(const SessionPlace& place) const;
    [[nodiscard]] bool hasSectionOf(const SessionPlace& place) const;

    void insert(const SessionPlace& place);
    void remove(const Spot& spot);
    /// What is known of the session at a spot that it keeps.
    void replace(const Spot& spot, const SessionPlace& place) { m_sections[spot.section].places[spot.index] = place; }
    void clear();
    void forEach(const std::function<void(const SessionPlace&)>& look) const;

    /// Where a row begins if heads and sessions have these heights. \{
    [[nodiscard]] double topOf(int row, int headHeight, int sessionHeight) const;
    [[nodiscard]] int rowAtTop(double top, int headHeight, int sessionHeight) const;
    /// \}

private:
    struct Section
    {
        std::int64_t key = 0;
        std::deque<SessionPlace> places; ///< descending: what is new comes in front
    };
    [[nodiscard]] std::size_t sectionFor(std::int64_t key) const;
    void count() const;

    KeyOf m_keyOf;
    std::vector<Section> m_sections;
    std::size_t m_size = 0;
    mutable std::vector<int> m_heads; ///< row of each section's head; empty = not counted
};

} // namespace luthien::desktop
