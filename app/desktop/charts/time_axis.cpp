// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/time_axis.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::int64_t kMilli = 1000;
constexpr std::int64_t kSecond = 1000 * kMilli;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::array kSteps = {kMilli,       2 * kMilli,   5 * kMilli,   10 * kMilli, 20 * kMilli, 50 * kMilli,
                               100 * kMilli, 200 * kMilli, 500 * kMilli, kSecond,     2 * kSecond, 5 * kSecond,
                               10 * kSecond, 15 * kSecond, 30 * kSecond, kMinute,     2 * kMinute, 5 * kMinute,
                               10 * kMinute, 15 * kMinute, 30 * kMinute, kHour,       2 * kHour,   3 * kHour,
                               6 * kHour,    12 * kHour,   kDay,         2 * kDay,    7 * kDay,    30 * kDay};

std::int64_t stepFor(std::int64_t length, int atMost)
{
    for (const std::int64_t step : kSteps)
        if (length / step < atMost)
            return step;
    const std::int64_t months = length / atMost / kSteps.back() + 1;
    return months * kSteps.back();
}
} // namespace

QString elapsedText(std::int64_t micros, std::int64_t step)
{
    const std::int64_t seconds = micros / kSecond;
    const auto padded = [](std::int64_t number, int digits) {
        return u"%1"_s.arg(qlonglong{number}, digits, 10, QChar(u'0'));
    };
    QString text = seconds >= 3600
                       ? u"%1:%2:%3"_s.arg(seconds / 3600).arg(padded(seconds / 60 % 60, 2), padded(seconds % 60, 2))
                       : u"%1:%2"_s.arg(seconds / 60).arg(padded(seconds % 60, 2));
    if (step < kSecond)
        text += u'.' + padded(micros % kSecond / kMilli, 3);
    return text;
}

std::vector<TimeTick> timeTicks(std::int64_t from, std::int64_t to, int atMost)
{
    const std::int64_t step = stepFor(to - from, atMost);
    std::vector<TimeTick> ticks;
    for (std::int64_t at = (from + step - 1) / step * step; at <= to && std::ssize(ticks) < atMost; at += step)
        ticks.push_back({at, elapsedText(at, step)});
    return ticks;
}

} // namespace luthien::desktop
