// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/call_texts.h"

#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;
using conversation::StopReason;

namespace {
QString tr(const char* text)
{
    return QCoreApplication::translate("Conversation", text);
}

QDateTime localTime(TimePoint time)
{
    return QDateTime::fromMSecsSinceEpoch(toMicros(time) / 1000);
}

/// Why a completed reply is not simply finished; empty = it is.
QString unusualStop(StopReason reason)
{
    switch (reason) {
    case StopReason::MaxTokens:
        return tr("The reply stopped at its token limit.");
    case StopReason::Refusal:
        return tr("The model refused.");
    case StopReason::ContentFilter:
        return tr("The provider's content filter ended the reply.");
    case StopReason::ContextWindow:
        return tr("The reply stopped at the end of the context window.");
    case StopReason::Failed:
        return tr("The provider reported a failure.");
    case StopReason::PauseTurn:
        return tr("The provider paused the turn; the client goes on with it.");
    default:
        return {};
    }
}

ConversationRow failureRow(const store::CallRow& call)
{
    ConversationRow row{.kind = row::Kind::Error, .tone = row::Tone::Failure, .glyph = u"triangle"_s};
    row.title = call.httpStatus != 0 ? tr("Failed with HTTP %1").arg(call.httpStatus) : tr("Failed");
    row.text = call.error.empty() ? tr("The upstream gave no reason.") : visibleText(call.error);
    return row;
}
} // namespace

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString countText(std::int64_t count)
{
    const QLocale locale;
    if (count < 10'000)
        return locale.toString(static_cast<qlonglong>(count));
    if (count < 1'000'000)
        return locale.toString(static_cast<double>(count) / 1e3, 'f', 1) + u'k';
    return locale.toString(static_cast<double>(count) / 1e6, 'f', 1) + u'M';
}

QString callsText(std::int64_t calls)
{
    // Not a plural form of the catalogue: English has none, and must read well without one.
    return calls == 1 ? tr("1 call") : tr("%1 calls").arg(countText(calls));
}

QString durationText(std::chrono::microseconds duration)
{
    const auto seconds = duration.count() / 1'000'000;
    if (duration.count() < 1'000'000)
        return u"%1ms"_s.arg(duration.count() / 1000);
    if (seconds < 60)
        return QLocale().toString(static_cast<double>(duration.count()) / 1e6, 'f', 1) + u's';
    if (seconds < 3600)
        return u"%1m %2s"_s.arg(seconds / 60).arg(seconds % 60);
    return u"%1h %2m"_s.arg(seconds / 3600).arg(seconds % 3600 / 60);
}

QString clockText(TimePoint time)
{
    return localTime(time).toString(u"HH:mm:ss"_s);
}

QString agoText(TimePoint time, TimePoint now)
{
    const auto seconds = (toMicros(now) - toMicros(time)) / 1'000'000;
    if (seconds < 60)
        return tr("now");
    if (seconds < 3600)
        return tr("%1m").arg(seconds / 60);
    const QDateTime then = localTime(time);
    const QDateTime today = localTime(now);
    if (then.date() == today.date())
        return then.toString(u"HH:mm"_s);
    return QLocale().toString(then.date(), then.date().year() == today.date().year() ? u"MMM d"_s : u"MMM d yyyy"_s);
}

QString usageText(const store::CallRow& call)
{
    QStringList parts;
    if (call.usage.input)
        parts += tr("%1 in").arg(QLocale().toString(static_cast<qlonglong>(*call.usage.input)));
    if (call.usage.cacheRead.value_or(0) > 0)
        parts += tr("%1 cached").arg(countText(*call.usage.cacheRead));
    if (call.usage.output)
        parts += tr("%1 out").arg(QLocale().toString(static_cast<qlonglong>(*call.usage.output)));
    if (call.endedAt)
        parts += durationText(*call.endedAt - call.startedAt);
    return parts.join(u"   "_s);
}

QString agentName(std::string_view agent)
{
    constexpr qsizetype kLongest = 10;
    const QString name = visibleText(agent);
    return name.size() <= kLongest ? name : name.left(kLongest - 1) + u'…';
}

std::optional<ConversationRow> footerOf(const store::CallRow& call, bool hasReply)
{
    ConversationRow row{.kind = row::Kind::CallFooter};
    switch (call.status) {
    case CallStatus::Open:
        if (hasReply)
            return std::nullopt;
        row.tone = row::Tone::Live;
        row.glyph = u"clock"_s;
        row.text = tr("Waiting for the model…");
        return row;
    case CallStatus::Completed:
        row.text = unusualStop(call.stopReason);
        row.tone = row::Tone::Warning;
        row.glyph = u"stop"_s;
        return row.text.isEmpty() ? std::nullopt : std::optional(row);
    case CallStatus::Cancelled:
        row.tone = row::Tone::Warning;
        row.glyph = u"stop"_s;
        row.text = tr("Cancelled: the client went away before the reply was complete.");
        return row;
    case CallStatus::Truncated:
        row.tone = row::Tone::Failure;
        row.glyph = u"triangle"_s;
        row.text = tr("Truncated: the upstream's reply was cut.");
        return row;
    case CallStatus::Blocked:
        row.tone = row::Tone::Failure;
        row.glyph = u"barred"_s;
        row.text = call.error.empty() ? tr("Blocked by a policy.") : visibleText(call.error);
        return row;
    case CallStatus::Failed:
        break;
    }
    return failureRow(call);
}

} // namespace luthien::desktop
