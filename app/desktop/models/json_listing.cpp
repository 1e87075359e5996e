// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_listing.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
// How much is read again, at most, to find a row.
constexpr std::size_t kStride = 2048;
// How often somebody who does not want the listing any more is heard.
constexpr std::uint64_t kRowsPerLook = 4096;
} // namespace

JsonListing JsonListing::ofMembers(std::string_view text, std::size_t begin, const std::stop_token& stop)
{
    JsonListing listing;
    listing.m_text = text;
    listing.m_isObject = text[begin] == '{';
    std::size_t at = afterBlanks(text, begin + 1);
    while (at < text.size() && text[at] != '}' && text[at] != ']') {
        if (listing.m_count % kRowsPerLook == 0 && stop.stop_requested())
            break;
        listing.note(listing.m_count, at);
        const JsonItem item = listing.read({listing.m_count, at});
        if (item.end - at > kStride) {
            if (listing.m_places.back().index != listing.m_count)
                listing.m_places.push_back({listing.m_count, at});
            listing.m_large.push_back({listing.m_count, item.end, item.members});
        }
        ++listing.m_count;
        at = afterBlanks(text, item.end);
        if (at < text.size() && text[at] == ',')
            at = afterBlanks(text, at + 1);
    }
    return listing;
}

JsonListing JsonListing::ofValue(std::string_view text, std::size_t begin)
{
    JsonListing listing;
    listing.m_text = text;
    listing.m_count = 1;
    listing.m_isWhole = true;
    listing.m_places.push_back({0, begin});
    std::uint64_t members = 0;
    const std::size_t end = afterValue(text, begin, &members);
    listing.m_large.push_back({0, end, members});
    return listing;
}

JsonListing JsonListing::ofLines(std::string_view text, std::size_t begin, std::size_t end, Escapes escapes,
                                 const std::stop_token& stop, std::size_t lineBytes)
{
    JsonListing listing;
    listing.m_lineBytes = lineBytes;
    listing.m_text = text.substr(0, end);
    listing.m_hasLines = true;
    listing.m_hasEscapes = escapes == Escapes::Read;
    std::size_t at = begin;
    do {
        if (listing.m_count % kRowsPerLook == 0 && stop.stop_requested())
            break;
        listing.note(listing.m_count, at);
        ++listing.m_count;
        at = listing.afterLine(listing.lineEnd(at));
    } while (at < end);
    return listing;
}

void JsonListing::note(std::uint64_t index, std::size_t offset)
{
    if (m_places.empty() || offset - m_places.back().offset >= kStride)
        m_places.push_back({index, offset});
}

JsonItem JsonListing::read(Place place) const
{
    JsonItem item;
    std::size_t at = place.offset;
    if (m_isObject) {
        const std::size_t nameEnd = afterString(m_text, at);
        item.name = m_text.substr(at + 1, nameEnd - at - 2);
        at = afterBlanks(m_text, afterBlanks(m_text, nameEnd) + 1);
    }
    item.begin = at;
    item.kind = kindAt(m_text, at);
    const auto large = std::ranges::lower_bound(m_large, place.index, {}, &Large::index);
    if (large != m_large.end() && large->index == place.index) {
        item.end = large->end;
        item.members = large->members;
    } else {
        item.end = afterValue(m_text, at, &item.members);
    }
    return item;
}

std::size_t JsonListing::lineEnd(std::size_t at) const
{
    const std::size_t begin = at;
    while (at < m_text.size() && at - begin < m_lineBytes) {
        if (m_text[at] == '\n' || (m_hasEscapes && m_text.substr(at).starts_with("\\n")))
            return at;
        at += unitLength(m_text, at, m_hasEscapes);
    }
    return at;
}

std::size_t JsonListing::afterLine(std::size_t end) const
{
    if (end < m_text.size() && m_text[end] == '\n')
        return end + 1;
    return m_hasEscapes && m_text.substr(end).starts_with("\\n") ? end + 2 : end;
}

JsonListing::Place JsonListing::find(std::uint64_t index) const
{
    const auto after = std::ranges::upper_bound(m_places, index, {}, &Place::index);
    Place place = after == m_places.begin() ? Place{} : *std::prev(after);
    for (; place.index < index; ++place.index) {
        if (m_hasLines) {
            place.offset = afterLine(lineEnd(place.offset));
            continue;
        }
        place.offset = afterBlanks(m_text, read(place).end);
        if (place.offset < m_text.size() && m_text[place.offset] == ',')
            place.offset = afterBlanks(m_text, place.offset + 1);
    }
    return place;
}

JsonItem JsonListing::item(std::uint64_t index) const
{
    return read(find(index));
}

std::string_view JsonListing::line(std::uint64_t index) const
{
    const Place place = find(index);
    return m_text.substr(place.offset, lineEnd(place.offset) - place.offset);
}

std::uint64_t JsonListing::indexAt(std::size_t offset) const
{
    const auto after = std::ranges::upper_bound(m_places, offset, {}, &Place::offset);
    std::uint64_t index = after == m_places.begin() ? 0 : std::prev(after)->index;
    while (index + 1 < m_count && find(index + 1).offset <= offset)
        ++index;
    return index;
}

} // namespace luthien::desktop
