// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_find.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kMarksOfRow = 100;

/// While a word is still being written it is the beginning of one.
std::string queryText(const QString& words)
{
    const bool isOpen = !words.isEmpty() && words.back().isLetterOrNumber() && words.count(u'"') % 2 == 0;
    return (isOpen ? words + u'*' : words).toStdString();
}
} // namespace

SessionFind::SessionFind(ConversationModel& model, ConversationSource& source)
    : QObject(&model)
    , m_model(model)
    , m_source(source)
{
    connect(&source, &ConversationSource::textsFound, this, [this](const std::shared_ptr<const FoundTextCalls>& found) {
        if (found->request.token == m_model.token() && found->request.serial == m_serial)
            take(*found);
    });
}

void SessionFind::setWords(const QString& words)
{
    if (m_words == words)
        return;
    m_words = words;
    restart();
}

void SessionFind::restart()
{
    ++m_serial;
    m_calls.clear();
    m_hasMore = false;
    m_query = {};
    m_status.clear();
    const bool isBlank = m_words.trimmed().isEmpty();
    if (auto query = filter::parseWordQuery(queryText(m_words)); query)
        m_query = *std::move(query);
    else if (!isBlank)
        m_status = visibleText(query.error().message);
    if (isActive() && !m_model.sessionId().isEmpty()) {
        m_status = tr("Looking…");
        m_source.findTexts({.token = m_model.token(),
                            .serial = m_serial,
                            .session = m_model.sessionId().toStdString(),
                            .words = queryText(m_words),
                            .scope = m_model.scope()});
    }
    m_model.refreshFound();
    Q_EMIT changed();
}

void SessionFind::take(const FoundTextCalls& found)
{
    m_calls = found.calls;
    m_hasMore = found.more;
    if (!found.error.isEmpty())
        return setStatus(visibleText(found.error));
    if (m_calls.empty())
        return setStatus(tr("Nothing found"));
    setStatus(m_hasMore ? tr("In more than %1").arg(callsText(static_cast<std::int64_t>(m_calls.size())))
                        : tr("In %1").arg(callsText(static_cast<std::int64_t>(m_calls.size()))));
}

void SessionFind::setStatus(const QString& status)
{
    m_status = status;
    Q_EMIT changed();
}

bool SessionFind::stands(std::string_view text) const
{
    return std::all_of(m_query.phrases.begin(), m_query.phrases.end(),
                       [text](const filter::Phrase& phrase) { return filter::contains(text, phrase); });
}

QList<int> SessionFind::marksIn(const QString& text) const
{
    QList<int> marks;
    if (!isActive() || text.isEmpty())
        return marks;
    const std::string utf8 = text.toStdString();
    std::vector<filter::TextSpan> spans;
    for (const filter::Phrase& phrase : m_query.phrases)
        for (const filter::TextSpan& span : filter::find(utf8, phrase, kMarksOfRow))
            spans.push_back(span);
    std::sort(spans.begin(), spans.end());
    for (const filter::TextSpan& span : spans) {
        const QString before = fromUtf8(std::string_view(utf8).substr(0, span.begin));
        const QString found = fromUtf8(std::string_view(utf8).substr(span.begin, span.end - span.begin));
        marks << static_cast<int>(before.size()) << static_cast<int>(found.size());
    }
    return marks;
}

void SessionFind::go(bool forward)
{
    if (!isActive())
        return;
    ReadingCursor& cursor = *m_model.cursor();
    int from = cursor.row();
    if (from < 0)
        from = forward ? m_model.firstVisible() - 1 : m_model.lastVisible() + 1;
    if (!goInWindow(from, forward))
        goBeyond(forward);
}

bool SessionFind::goInWindow(int from, bool forward)
{
    const int row = m_model.revealText(
        from, forward, [this](std::string_view text) { return stands(text); },
        [this](const QString& text) { return !marksIn(text).isEmpty(); });
    if (row < 0)
        return false;
    m_model.cursor()->landOn(row);
    return true;
}

void SessionFind::goBeyond(bool forward)
{
    // The rows at hand are all of a stretch of calls, so what is left is before or after that stretch.
    const auto edge = m_model.edge(forward);
    const auto beyond =
        forward ? std::find_if(m_calls.begin(), m_calls.end(), [&](const auto& call) { return call > edge; })
                : m_calls.end();
    std::optional<CallId> wanted;
    if (forward && beyond != m_calls.end())
        wanted = beyond->second;
    for (auto call = m_calls.rbegin(); !forward && !wanted && call != m_calls.rend(); ++call)
        if (*call < edge)
            wanted = call->second;
    const bool isAround = !wanted && !m_calls.empty();
    if (isAround)
        wanted = forward ? m_calls.front().second : m_calls.back().second;
    if (!wanted)
        return m_model.cursor()->setNotice(tr("Nothing found"));
    m_model.openCall(*wanted, [this, forward](int first, int end) {
        const int row = m_model.revealText(
            forward ? first - 1 : end, forward, [this](std::string_view text) { return stands(text); },
            [this](const QString& text) { return !marksIn(text).isEmpty(); });
        return row < 0 ? first : row;
    });
    if (isAround)
        m_model.cursor()->setNotice(forward ? tr("Went on from the beginning") : tr("Went on from the end"));
}

} // namespace luthien::desktop
