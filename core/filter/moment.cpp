// SPDX-License-Identifier: Apache-2.0
#include "filter/moment.h"

#include "filter/quantity.h"

namespace luthien::filter {

using namespace std::chrono;

namespace {
constexpr std::int64_t kFarthest = duration_cast<microseconds>(days(365 * 1000)).count();

/// A way to write a time: how much of the exact form is given, and for how long it lasts.
struct Form
{
    std::size_t length;
    microseconds span;
};
constexpr std::string_view kExact = "1970-01-01T00:00:00.000000Z";
constexpr Form kForms[] = {{10, days(1)}, {16, minutes(1)}, {19, seconds(1)}, {26, microseconds(1)}};

/// The form in which a span is written shortest.
std::string spanText(const TimeSpan& span)
{
    std::string exact = toRfc3339(span.from);
    for (const Form& form : kForms) {
        if (span.to - span.from == form.span)
            return exact.substr(0, form.length) + (form.length > 10 ? "Z" : "");
    }
    return exact;
}
} // namespace

std::optional<Moment> Moment::parse(std::string_view text)
{
    if (text == "today" || text == "yesterday")
        return Moment(Kind::DaysAgo, text == "today" ? 0 : 1, {});
    if (const auto ago = quantityFrom(text, Unit::Duration))
        return *ago <= kFarthest ? std::optional(Moment(Kind::Ago, *ago, {})) : std::nullopt;
    std::string_view given = text;
    if (given.size() > 10 && given.ends_with('Z'))
        given.remove_suffix(1);
    for (const Form& form : kForms) {
        if (given.size() != form.length)
            continue;
        const auto from = fromRfc3339(std::string(given) + std::string(kExact.substr(form.length)));
        return from ? std::optional(Moment(Kind::Absolute, 0, {*from, *from + form.span})) : std::nullopt;
    }
    return std::nullopt;
}

TimeSpan Moment::at(TimePoint now) const
{
    switch (m_kind) {
    case Kind::Ago:
        return {now - microseconds(m_count), now - microseconds(m_count) + microseconds(1)};
    case Kind::DaysAgo: {
        const TimePoint day = floor<days>(now) - days(m_count);
        return {day, day + days(1)};
    }
    case Kind::Absolute:
        break;
    }
    return m_span;
}

std::string Moment::toText() const
{
    switch (m_kind) {
    case Kind::Ago:
        return quantityText(m_count, Unit::Duration);
    case Kind::DaysAgo:
        return m_count == 0 ? "today" : "yesterday";
    case Kind::Absolute:
        break;
    }
    return spanText(m_span);
}

} // namespace luthien::filter
