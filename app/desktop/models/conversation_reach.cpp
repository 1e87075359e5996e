// SPDX-License-Identifier: Apache-2.0
// The part of ConversationModel that brings a reader to a place, and unfolds what is there.
#include "desktop/models/conversation_model.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
/// Just before a call: keyset pages begin after a place.
store::Cursor placeBefore(const store::Cursor& place)
{
    return {.micros = place.micros, .row = place.row - 1};
}
} // namespace

void ConversationModel::change(int row, const std::function<void(CallView&, std::size_t)>& make)
{
    if (row < 0 || row >= m_offsets.back())
        return;
    const std::size_t entry = entryOf(row);
    make(m_calls[entry].view(), static_cast<std::size_t>(row - m_offsets[entry]));
    publishChanges(entry);
}

void ConversationModel::toggle(int row)
{
    change(row, [](CallView& view, std::size_t at) { view.toggle(at); });
}

void ConversationModel::toggleWritten(int row)
{
    change(row, [](CallView& view, std::size_t at) { view.toggleWritten(at); });
}

void ConversationModel::compare(int row, int comparison)
{
    change(row, [comparison](CallView& view, std::size_t at) {
        view.compare(at, static_cast<row::Comparison>(comparison));
    });
}

std::pair<TimePoint, CallId> ConversationModel::edge(bool newest) const
{
    if (m_calls.empty())
        return {};
    const store::CallRow& call = (newest ? m_calls.back() : m_calls.front()).view().call();
    return {call.startedAt, call.id};
}

void ConversationModel::rescope(CallScope scope)
{
    const store::Order order = scope.began ? store::Order::Ascending : store::Order::Descending;
    begin(sessionId(), std::move(scope));
    restart(order, std::nullopt);
}

void ConversationModel::showAgent(const QString& agent)
{
    rescope({.agent = agent.toStdString(), .began = m_scope.began});
}

void ConversationModel::showAgentAt(int row)
{
    if (row >= 0 && row < m_offsets.back())
        showAgent(QString::fromStdString(m_calls[entryOf(row)].view().call().identity.agent));
}

void ConversationModel::showAllAgents()
{
    rescope({.agent = {}, .began = m_scope.began});
}

void ConversationModel::showRange(qint64 from, qint64 to)
{
    if (m_session.empty() || from >= to)
        return;
    CallScope scope{.agent = m_scope.agent, .began = CallScope::Range{.from = fromMicros(from), .to = fromMicros(to)}};
    if (scope != m_scope)
        rescope(std::move(scope));
}

void ConversationModel::showAllTimes()
{
    if (m_scope.began)
        rescope({.agent = m_scope.agent, .began = {}});
}

void ConversationModel::openFromStart(const QString& sessionId)
{
    begin(sessionId, {});
    if (!m_session.empty())
        restart(store::Order::Ascending, std::nullopt);
}

void ConversationModel::openAt(const QString& sessionId, const QString& callId, int block)
{
    const auto call = CallId::parse(callId.toStdString());
    if (sessionId != this->sessionId() || !m_scope.isWhole())
        begin(sessionId, {});
    if (!call)
        return restart(store::Order::Descending, std::nullopt);
    openCall(*call, [this, id = *call, block](int first, int) {
        const FollowedCall* const shown = followed(id);
        const auto row =
            shown == nullptr || block < 0 ? std::nullopt : shown->view().rowOfBlock(static_cast<std::size_t>(block));
        return first + static_cast<int>(row.value_or(0));
    });
}

void ConversationModel::openHere(const QString& callId)
{
    if (const auto call = CallId::parse(callId.toStdString()))
        openCall(*call, [](int first, int) { return first; });
}

void ConversationModel::openCall(CallId call, ChooseRow choose)
{
    m_wanted = Wanted{.call = call, .choose = std::move(choose)};
    if (followed(call) != nullptr)
        return land();
    search({.what = CallSearch::What::This, .call = call});
}

bool ConversationModel::reachBeyond(CallSearch::What what, bool forward, ChooseRow choose)
{
    if (m_calls.empty() || (forward ? m_atEnd : m_atStart))
        return false;
    m_wanted = Wanted{.choose = std::move(choose)};
    search({.what = what,
            .order = forward ? store::Order::Ascending : store::Order::Descending,
            .from = (forward ? m_calls.back() : m_calls.front()).view().call().cursor});
    return true;
}

void ConversationModel::search(CallSearch search)
{
    search.token = m_token;
    search.serial = ++m_searchSerial;
    search.session = m_session;
    search.scope = m_scope;
    m_source.findCall(search);
}

void ConversationModel::takeFound(const FoundCall& found)
{
    if (!m_wanted)
        return;
    if (found.call.isNil()) {
        m_wanted.reset();
        const bool isThis = found.search.what == CallSearch::What::This;
        m_cursor.setNotice(isThis ? tr("This call is not in the record") : tr("Nothing further in this session"));
        if (m_calls.empty() && !m_loading)
            restart(store::Order::Descending, std::nullopt);
        return;
    }
    m_wanted->call = found.call;
    if (followed(found.call) != nullptr)
        return land();
    restart(store::Order::Ascending, placeBefore(found.place));
}

void ConversationModel::land()
{
    if (!m_wanted || m_wanted->call.isNil())
        return;
    const auto at = std::find_if(m_calls.begin(), m_calls.end(),
                                 [this](const FollowedCall& call) { return call.id() == m_wanted->call; });
    if (at == m_calls.end())
        return;
    const auto entry = static_cast<std::size_t>(at - m_calls.begin());
    const ChooseRow choose = std::move(m_wanted->choose);
    m_wanted.reset();
    const int row = choose(m_offsets[entry], m_offsets[entry + 1]);
    m_cursor.landOn(row);
}

int ConversationModel::rowThatHas(const std::function<bool(const QString&)>& any, int from, int end) const
{
    for (; from != end; from += from < end ? 1 : -1)
        if (!rowAt(from).expanded && any(rowAt(from).text)) // an open head only repeats what is under it
            return from;
    return -1;
}

int ConversationModel::revealText(int row, bool forward, const CallView::TakeText& all,
                                  const std::function<bool(const QString&)>& any)
{
    const int step = forward ? 1 : -1;
    if (m_calls.empty())
        return -1;
    const bool isInside = row >= 0 && row < m_offsets.back();
    std::size_t entry = isInside ? entryOf(row) : forward ? 0 : m_calls.size() - 1;
    std::size_t section = forward ? 0 : m_calls[entry].view().sectionCount() - 1;
    if (isInside) {
        const CallView& view = m_calls[entry].view();
        section = view.sectionOf(static_cast<std::size_t>(row - m_offsets[entry]));
        const int begin = m_offsets[entry] + static_cast<int>(view.firstRowOf(section));
        const int end = begin + static_cast<int>(view.rowCountOf(section));
        if (const int found = rowThatHas(any, row + step, forward ? end : begin - 1); found >= 0)
            return found;
        section += static_cast<std::size_t>(step);
    }
    for (; entry < m_calls.size(); entry += static_cast<std::size_t>(step)) {
        CallView& view = m_calls[entry].view();
        while (const auto block = view.findBlock(section, !forward, all)) {
            view.unfold(*block);
            publishChanges(entry);
            const int begin = m_offsets[entry] + static_cast<int>(view.firstRowOf(*block));
            const int end = begin + static_cast<int>(view.rowCountOf(*block));
            const int found = forward ? rowThatHas(any, begin, end) : rowThatHas(any, end - 1, begin - 1);
            if (found >= 0 || begin < end)
                return found >= 0 ? found : begin;
            section = *block + static_cast<std::size_t>(step);
        }
        if (forward)
            section = 0;
        else if (entry > 0)
            section = m_calls[entry - 1].view().sectionCount() - 1;
    }
    return -1;
}

} // namespace luthien::desktop
