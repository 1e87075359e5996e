// SPDX-License-Identifier: Apache-2.0
#include "filter/quantity.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace luthien::filter {

namespace {
struct Scale
{
    std::string_view name; ///< lower case
    std::int64_t factor;
    std::string_view shown = name;
};

constexpr std::int64_t kThousand = 1000;
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kKibi = 1024;
constexpr std::int64_t kDollar = 1'000'000'000; // in 1e-9 USD

// Ascending, so that the last one that fits is the largest.
constexpr std::array<Scale, 4> kCounts{
    {{"", 1}, {"k", kThousand}, {"m", kThousand* kThousand, "M"}, {"g", kThousand* kThousand* kThousand, "G"}}};
constexpr std::array<Scale, 7> kDurations{
    {{"us", 1}, {"ms", kThousand}, {"s", kSecond}, {"m", kMinute}, {"h", kHour}, {"d", kDay}, {"w", 7 * kDay}}};
constexpr std::array<Scale, 8> kBytes{{{"", 1},
                                       {"b", 1, ""},
                                       {"kb", kThousand, "kB"},
                                       {"kib", kKibi, "KiB"},
                                       {"mb", kThousand* kThousand, "MB"},
                                       {"mib", kKibi* kKibi, "MiB"},
                                       {"gb", kThousand* kThousand* kThousand, "GB"},
                                       {"gib", kKibi* kKibi* kKibi, "GiB"}}};
constexpr std::array<Scale, 1> kDollars{{{"", kDollar}}};

std::span<const Scale> scalesOf(Unit unit) noexcept
{
    switch (unit) {
    case Unit::Count:
        return kCounts;
    case Unit::Duration:
        return kDurations;
    case Unit::Bytes:
        return kBytes;
    case Unit::Money:
        break;
    }
    return kDollars;
}

bool isDigit(char letter) noexcept
{
    return letter >= '0' && letter <= '9';
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return result;
}

/// digits.fraction times factor, without rounding.
std::optional<std::int64_t> scaled(std::string_view digits, std::string_view fraction, std::int64_t factor)
{
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    std::int64_t rest = 0;
    for (std::size_t i = fraction.size(); i-- > 0;) {
        const std::int64_t sum = rest + factor * (fraction[i] - '0');
        if (sum % 10 != 0)
            return std::nullopt; // finer than the smallest unit
        rest = sum / 10;
    }
    std::int64_t whole = 0;
    for (const char digit : digits) {
        if (whole > (kMax - (digit - '0')) / 10)
            return std::nullopt;
        whole = whole * 10 + (digit - '0');
    }
    return whole > (kMax - rest) / factor ? std::nullopt : std::optional(whole * factor + rest);
}

std::string dollarsText(std::int64_t number)
{
    std::string text = "$" + std::to_string(number / kDollar);
    std::string fraction = std::to_string(kDollar + number % kDollar).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return fraction.empty() ? text : text + '.' + fraction;
}
} // namespace

std::optional<std::int64_t> quantityFrom(std::string_view text, Unit unit)
{
    if (unit == Unit::Money && text.starts_with('$'))
        text.remove_prefix(1);
    const auto* const afterDigits = std::ranges::find_if_not(text, isDigit);
    const std::string_view digits(text.begin(), afterDigits);
    text.remove_prefix(digits.size());
    std::string_view fraction;
    if (text.starts_with('.')) {
        const auto* const end = std::find_if_not(text.begin() + 1, text.end(), isDigit);
        fraction = std::string_view(text.begin() + 1, end);
        text.remove_prefix(fraction.size() + 1);
        if (fraction.empty())
            return std::nullopt;
    }
    if (digits.empty() && fraction.empty())
        return std::nullopt;
    const auto scales = scalesOf(unit);
    const std::string name = lower(text);
    const auto scale = std::ranges::find(scales, name, &Scale::name);
    if (unit == Unit::Duration && name.empty() && digits == "0" && fraction.empty())
        return 0;
    return scale == scales.end() ? std::nullopt : scaled(digits, fraction, scale->factor);
}

std::string quantityText(std::int64_t number, Unit unit)
{
    if (unit == Unit::Money)
        return dollarsText(number);
    const Scale* best = &scalesOf(unit).front();
    for (const Scale& scale : scalesOf(unit)) {
        if (number != 0 && number % scale.factor == 0 && scale.factor > best->factor)
            best = &scale;
    }
    return std::to_string(number / best->factor) + std::string(best->shown);
}

std::string_view quantityHint(Unit unit) noexcept
{
    switch (unit) {
    case Unit::Count:
        return "a number, such as 250 or 10k";
    case Unit::Duration:
        return "a duration with its unit, such as 10ms, 1.5s, 5m, 2h or 1d";
    case Unit::Bytes:
        return "a number of bytes, such as 512, 64kB or 4KiB";
    case Unit::Money:
        break;
    }
    return "an amount in dollars, such as $0.50";
}

} // namespace luthien::filter
