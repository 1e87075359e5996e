// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_texts.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;

namespace {
const QString kBetween = u" · "_s;

QString tr(const char* text)
{
    return QCoreApplication::translate("Sessions", text);
}

QString turnsText(std::int64_t turns)
{
    // Not a plural form of the catalogue: English has none, and must read well without one.
    return turns == 1 ? tr("1 turn") : tr("%1 turns").arg(countText(turns));
}

QString listText(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const std::string& name : names)
        texts += visibleText(name);
    return texts.join(u", "_s);
}

QString decisionsText(const store::DecisionCounts& counts)
{
    QStringList parts;
    if (counts.block > 0)
        parts += tr("%1 blocked").arg(countText(counts.block));
    if (counts.replace > 0)
        parts += tr("%1 modified").arg(countText(counts.replace));
    if (counts.hold > 0)
        parts += tr("%1 held").arg(countText(counts.hold));
    if (counts.shadow > 0)
        parts += tr("%1 by shadow policies").arg(countText(counts.shadow));
    return parts.join(u", "_s);
}

QString momentText(TimePoint time)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMicros(time) / 1000), QLocale::ShortFormat);
}
} // namespace

QString sessionTitle(const store::SessionRow& session)
{
    for (const std::string* words : {&session.label, &session.preview}) {
        if (!words->empty())
            return visibleText(fromUtf8(*words).simplified());
    }
    return visibleText(session.id);
}

QString sessionClient(const store::SessionRow& session)
{
    return session.client.empty() ? tr("unknown client") : visibleText(session.client);
}

QString sessionDetail(const store::SessionRow& session)
{
    QStringList parts{sessionClient(session)};
    if (session.turns > 0) // one counts once the model has answered without a call of a tool
        parts += turnsText(session.turns);
    if (session.costUsd)
        parts += costText(*session.costUsd);
    if (const auto tokens = session.inputTokens + session.outputTokens; tokens > 0)
        parts += tr("%1 tokens").arg(countText(tokens));
    if (!session.models.empty())
        parts += listText(session.models);
    if (session.agents.size() == 1)
        parts += visibleText(session.agents.front());
    else if (!session.agents.empty())
        parts += tr("%1 agents").arg(countText(static_cast<std::int64_t>(session.agents.size())));
    return parts.join(kBetween);
}

QString sessionFacts(const store::SessionRow& session)
{
    QStringList lines{sessionTitle(session)};
    const auto add = [&lines](const QString& name, const QString& value) {
        if (!value.isEmpty())
            lines += name + u": "_s + value;
    };
    add(tr("Status"), sessionStatus(session));
    add(tr("Client"), sessionClient(session));
    add(tr("Agents"), listText(session.agents));
    add(tr("Models"), listText(session.models));
    lines += turnsText(session.turns) + kBetween + callsText(session.calls);
    lines += tr("%1 tokens in, %2 out").arg(countText(session.inputTokens), countText(session.outputTokens));
    add(tr("Cost"), session.costUsd ? costText(*session.costUsd) : QString());
    add(tr("Policies"), decisionsText(session.decisions));
    add(tr("Stored"), sizeText(session.bytes));
    lines += tr("%1 to %2").arg(momentText(session.firstAt), momentText(session.lastAt));
    add(tr("Note"), visibleText(session.note));
    return lines.join(u'\n');
}

QString sessionStatus(const store::SessionRow& session)
{
    switch (session.status) {
    case CallStatus::Open:
        return tr("Live");
    case CallStatus::Completed:
        return tr("Completed");
    case CallStatus::Cancelled:
        return tr("Cancelled");
    case CallStatus::Truncated:
        return tr("Truncated");
    case CallStatus::Failed:
        return tr("Failed");
    case CallStatus::Blocked:
        return tr("Blocked");
    }
    return {};
}

QString dayTitle(std::int64_t day, TimePoint now)
{
    const QDate date = QDate::fromJulianDay(day);
    const QDate today = QDateTime::fromMSecsSinceEpoch(toMicros(now) / 1000).date();
    if (date == today)
        return tr("Today");
    if (date.addDays(1) == today)
        return tr("Yesterday");
    return QLocale().toString(date, date.year() == today.year() ? u"dddd, MMMM d"_s : u"MMMM d, yyyy"_s);
}

QString sizeText(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString costText(double usd)
{
    const int digits = usd >= 100 ? 0 : usd >= 0.01 || usd == 0 ? 2 : 4;
    return u'$' + QLocale().toString(usd, 'f', digits);
}

std::int64_t LocalDays::dayOf(std::int64_t micros)
{
    if (micros < m_begin || micros >= m_end) {
        const QDate date = QDateTime::fromMSecsSinceEpoch(micros / 1000).date();
        m_begin = date.startOfDay().toMSecsSinceEpoch() * 1000;
        m_end = date.addDays(1).startOfDay().toMSecsSinceEpoch() * 1000;
        m_day = date.toJulianDay();
    }
    return m_day;
}

} // namespace luthien::desktop
