// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_search.h"

#include "desktop/models/json_text.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace luthien::desktop {

namespace {
// How often somebody who does not want to know any more is heard.
constexpr std::size_t kBytesPerLook = 1 << 20;

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// Finds one text in many, in either case.
class Needle
{
public:
    explicit Needle(std::string_view wanted)
        : m_wanted(wanted)
    {
        std::ranges::transform(m_wanted, m_wanted.begin(), lowered);
    }

    [[nodiscard]] std::size_t find(std::string_view text, std::size_t from = 0) const
    {
        while (from + m_wanted.size() <= text.size()) {
            const std::size_t at = firstLetter(text, from);
            if (at == std::string_view::npos || at + m_wanted.size() > text.size())
                break;
            if (std::equal(m_wanted.begin(), m_wanted.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                           [](char wanted, char c) { return wanted == lowered(c); }))
                return at;
            from = at + 1;
        }
        return std::string_view::npos;
    }

private:
    [[nodiscard]] std::size_t firstLetter(std::string_view text, std::size_t from) const
    {
        const char low = m_wanted.front();
        if (low < 'a' || low > 'z')
            return text.find(low, from);
        const auto found = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(),
                                        [low](char c) { return static_cast<char>(c | 0x20) == low; });
        return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
    }

    std::string m_wanted;
};

/// Where a string says it, counted in what is written.
std::size_t findEscaped(std::string_view inside, const Needle& needle)
{
    if (inside.find('\\') == std::string_view::npos)
        return needle.find(inside);
    const std::size_t found = needle.find(unescaped(inside));
    if (found == std::string_view::npos)
        return found;
    std::size_t at = 0;
    for (std::size_t said = 0; said < found && at < inside.size();) {
        const std::size_t unit = unitLength(inside, at, true);
        said += unescaped(inside.substr(at, unit)).size();
        at += unit;
    }
    return at;
}
} // namespace

std::vector<std::size_t> findInJson(std::string_view text, std::string_view wanted, std::size_t most,
                                    const std::stop_token& stop)
{
    std::vector<std::size_t> places;
    if (wanted.empty())
        return places;
    const Needle needle(wanted);
    std::size_t look = kBytesPerLook;
    for (std::size_t at = 0; at < text.size() && places.size() < most;) {
        if (at >= look) {
            if (stop.stop_requested())
                break;
            look = at + kBytesPerLook;
        }
        if (std::strchr("{}[],: \t\r\n", text[at]) != nullptr) {
            ++at;
            continue;
        }
        const std::size_t end = afterValue(text, at);
        const bool isString = text[at] == '"';
        const std::size_t begin = isString ? at + 1 : at;
        const std::string_view inside = text.substr(begin, end - begin - (isString ? 1 : 0));
        const std::size_t found = isString ? findEscaped(inside, needle) : needle.find(inside);
        if (found != std::string_view::npos)
            places.push_back(begin + found);
        at = std::max(end, at + 1);
    }
    return places;
}

std::vector<std::size_t> findInLines(std::string_view text, std::string_view wanted, std::size_t most,
                                     const std::stop_token& stop)
{
    std::vector<std::size_t> places;
    if (wanted.empty())
        return places;
    const Needle needle(wanted);
    std::size_t at = needle.find(text);
    while (at != std::string_view::npos && places.size() < most && !stop.stop_requested()) {
        places.push_back(at);
        const std::size_t end = text.find('\n', at);
        at = end == std::string_view::npos ? end : needle.find(text, end);
    }
    return places;
}

} // namespace luthien::desktop
