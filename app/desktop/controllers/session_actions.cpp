// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_actions.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
bool isOpen(const store::SessionRow& session)
{
    return session.status == conversation::CallStatus::Open;
}

/// What is there now, of what the new marks say something about.
store::SessionMarks marksBefore(const store::SessionRow& session, const store::SessionMarks& marks)
{
    store::SessionMarks before;
    if (marks.pinned)
        before.pinned = session.isPinned;
    if (marks.label)
        before.label = session.label;
    if (marks.note)
        before.note = session.note;
    return before;
}
} // namespace

SessionActions::SessionActions(SessionSelection& selection, Clipboard& clipboard, SessionWrites writes, QObject* parent)
    : QObject(parent)
    , m_selection(selection)
    , m_clipboard(clipboard)
    , m_writes(std::move(writes))
{
    connect(&selection, &SessionSelection::changed, this, &SessionActions::questionChanged);
    connect(&selection, &SessionSelection::cut, this,
            [this] { tell(tr("At most %1 sessions can be selected at once.").arg(SessionSelection::kMost), true); });
}

QString SessionActions::question() const
{
    const auto& sessions = m_selection.sessions();
    const auto over = std::ranges::count_if(sessions, [](const auto& each) { return !isOpen(each.second); });
    if (over != 1)
        return tr("Delete %1 sessions?").arg(over);
    const auto only = std::ranges::find_if(sessions, [](const auto& each) { return !isOpen(each.second); });
    return tr("Delete the session “%1”?").arg(sessionTitle(only->second).left(80));
}

QString SessionActions::explanation() const
{
    std::int64_t calls = 0;
    std::int64_t bytes = 0;
    int open = 0;
    int pinned = 0;
    for (const auto& [id, session] : m_selection.sessions()) {
        if (isOpen(session)) {
            ++open;
            continue;
        }
        calls += session.calls;
        bytes += session.bytes;
        pinned += session.isPinned ? 1 : 0;
    }
    QStringList words{tr("What was asked and answered in %1, every event and every decision goes, from the search too: "
                         "%2. It cannot be taken back.")
                          .arg(callsText(calls), sizeText(bytes)),
                      tr("The chain of evidence keeps that something was removed, not what.")};
    if (pinned > 0)
        words += pinned == 1 ? tr("One of them is pinned.") : tr("%1 of them are pinned.").arg(pinned);
    if (open > 0)
        words += open == 1 ? tr("One is live and stays.") : tr("%1 are live and stay.").arg(open);
    return words.join(u' ');
}

QString SessionActions::note() const
{
    for (const auto& [id, session] : m_selection.sessions()) {
        if (!session.note.empty())
            return fromUtf8(session.note);
    }
    return {};
}

QString SessionActions::client() const
{
    const auto& sessions = m_selection.sessions();
    return sessions.size() == 1 ? fromUtf8(sessions.begin()->second.client) : QString();
}

QString SessionActions::model() const
{
    const auto& sessions = m_selection.sessions();
    const bool hasOne = sessions.size() == 1 && !sessions.begin()->second.models.empty();
    return hasOne ? fromUtf8(sessions.begin()->second.models.front()) : QString();
}

void SessionActions::pin(bool pinned)
{
    mark({.pinned = pinned, .label = {}, .note = {}}, pinned ? tr("%1 pinned") : tr("%1 no longer pinned"));
}

void SessionActions::label(const QString& label)
{
    const QString name = label.simplified();
    mark({.pinned = {}, .label = name.toStdString(), .note = {}},
         name.isEmpty() ? tr("Name of %1 removed") : tr("%1 renamed"));
}

void SessionActions::setNote(const QString& note)
{
    mark({.pinned = {}, .label = {}, .note = note.trimmed().toStdString()}, tr("Note of %1 kept"));
}

void SessionActions::mark(const store::SessionMarks& marks, const QString& told)
{
    std::vector<Marked> changes;
    std::vector<Marked> before;
    for (const auto& [id, session] : m_selection.sessions()) {
        changes.push_back({session.id, marks});
        before.push_back({session.id, marksBefore(session, marks)});
    }
    m_before = std::move(before);
    send(changes, told);
}

void SessionActions::undo()
{
    const std::vector<Marked> before = std::exchange(m_before, {});
    send(before, tr("%1 as before"));
}

void SessionActions::send(const std::vector<Marked>& marks, const QString& told)
{
    const auto round = std::make_shared<Round>(Round{.open = static_cast<int>(marks.size()), .told = told});
    for (const Marked& each : marks)
        m_writes.mark(each.id, each.marks, answerTo(round));
}

bool SessionActions::mayRemove()
{
    const auto& sessions = m_selection.sessions();
    if (sessions.empty())
        return false;
    if (!std::ranges::all_of(sessions, [](const auto& each) { return isOpen(each.second); }))
        return true;
    tell(tr("A live session cannot be deleted: a call of it is open."), true);
    return false;
}

void SessionActions::remove()
{
    std::vector<std::string> ids;
    for (const auto& [id, session] : m_selection.sessions()) {
        if (!isOpen(session))
            ids.push_back(session.id);
    }
    const auto round = std::make_shared<Round>(Round{.open = static_cast<int>(ids.size()), .told = tr("%1 deleted")});
    m_before.clear();
    for (const std::string& id : ids)
        m_writes.remove(id, answerTo(round));
}

/// The store answers in a thread of its own, perhaps after this is gone.
store::WriteDone SessionActions::answerTo(const std::shared_ptr<Round>& round)
{
    return [guard = QPointer(this), round](const Result<void>& written) {
        QMetaObject::invokeMethod(
            qApp,
            [guard, round, written] {
                if (guard)
                    guard->take(*round, written);
            },
            Qt::QueuedConnection);
    };
}

void SessionActions::take(Round& round, const Result<void>& written)
{
    if (written)
        ++round.done;
    else
        round.refusal = fromUtf8(written.error().message);
    if (--round.open > 0)
        return;
    const QString sessions = round.done == 1 ? tr("1 session") : tr("%1 sessions").arg(round.done);
    if (round.refusal.isEmpty())
        return tell(round.told.arg(sessions), false);
    m_before.clear();
    tell(round.done == 0 ? tr("Not done: %1").arg(visibleText(round.refusal))
                         : tr("%1; the others not: %2").arg(round.told.arg(sessions), visibleText(round.refusal)),
         true);
}

void SessionActions::copyIds()
{
    QStringList ids;
    for (const auto& [id, session] : m_selection.sessions())
        ids += id;
    m_clipboard.copy(ids.join(u'\n'));
    m_before.clear();
    tell(m_selection.count() == 1 ? tr("Id copied") : tr("%1 ids copied").arg(m_selection.count()), false);
}

void SessionActions::dismiss()
{
    m_before.clear();
    tell({}, false);
}

void SessionActions::tell(const QString& notice, bool hasFailed)
{
    m_notice = notice;
    m_hasFailed = hasFailed;
    Q_EMIT noticeChanged();
}

} // namespace luthien::desktop
