// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <charconv>
#include <cstdio>

namespace luthien {

namespace {
using namespace std::chrono;

constexpr std::size_t kRfc3339Length = 27; // 2026-11-22T12:00:00.000001Z

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count)
{
    int value = 0;
    const char* first = text.data() + from;
    const auto [end, error] = std::from_chars(first, first + count, value);
    if (error != std::errc() || end != first + count || value < 0)
        return std::nullopt;
    return value;
}
} // namespace

TimePoint SystemClock::now() const
{
    return time_point_cast<microseconds>(system_clock::now());
}

SteadyPoint SystemClock::steady() const
{
    return steady_clock::now();
}

std::string toRfc3339(TimePoint time)
{
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[48];
    const int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return std::string(text, static_cast<std::size_t>(length));
}

std::optional<TimePoint> fromRfc3339(std::string_view text)
{
    if (text.size() != kRfc3339Length || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != '.' || text[26] != 'Z')
        return std::nullopt;
    const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2), h = digits(text, 11, 2),
               mi = digits(text, 14, 2), s = digits(text, 17, 2), us = digits(text, 20, 6);
    if (!y || !mo || !d || !h || !mi || !s || !us || *h > 23 || *mi > 59 || *s > 59)
        return std::nullopt;
    const year_month_day date(year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d)));
    if (!date.ok())
        return std::nullopt;
    return TimePoint(sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s) + microseconds(*us));
}

} // namespace luthien
