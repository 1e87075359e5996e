// SPDX-License-Identifier: Apache-2.0
// The part of ConversationModel that keeps the rows in step with what happens now.
#include "desktop/models/conversation_model.h"

#include <algorithm>
#include <unordered_set>

namespace luthien::desktop {

void ConversationModel::applyLive(const live::LiveBatch& batch)
{
    if (m_session.empty())
        return;
    if (batch.gap) {
        for (FollowedCall& call : m_calls) {
            call.loseSteps();
            // The commit that would be a reason to read it may be among what was lost.
            if (call.wantsRecord())
                m_source.loadCall(m_token, call.id());
        }
        readNewCalls(); // some may have begun unseen
    }
    std::unordered_set<CallId> touched;
    for (const live::Event& event : batch.events) {
        if (const auto* begun = std::get_if<live::Opened>(&event)) {
            takeOpened(*begun);
        } else if (const auto* committed = std::get_if<live::Committed>(&event)) {
            takeCommitted(*committed);
        } else if (FollowedCall* call = followed(live::callOf(event))) {
            if (const auto* step = std::get_if<live::Delta>(&event))
                call->take(*step);
            else if (const auto* decided = std::get_if<live::Decided>(&event))
                call->view().decide(decided->decision);
            else if (const auto* end = std::get_if<live::Ended>(&event))
                call->take(*end);
            touched.insert(call->id());
        }
    }
    for (std::size_t entry = 0; entry < m_calls.size(); ++entry)
        if (touched.contains(m_calls[entry].id()))
            publishChanges(entry);
}

void ConversationModel::takeOpened(const live::Opened& event)
{
    if (event.identity.session != m_session)
        return;
    m_outline.add({{.agent = event.identity.agent,
                    .parent = event.identity.parentAgent,
                    .preview = event.preview,
                    .firstAt = event.at,
                    .isOpen = true}});
    if (!m_scope.takesIn(event.identity.agent, event.at) || !m_atEnd || followed(event.call) != nullptr)
        return;
    m_calls.push_back(FollowedCall::begun(event));
    m_offsets.push_back(m_offsets.back());
    publishChanges(m_calls.size() - 1);
}

void ConversationModel::takeCommitted(const live::Committed& event)
{
    bool hasNew = false;
    for (const live::TouchedCall& committed : event.calls) {
        if (committed.session != m_session)
            continue;
        const FollowedCall* const call = followed(committed.id);
        if (call != nullptr && call->wantsRecord())
            m_source.loadCall(m_token, committed.id);
        // Its place is that of its first commit: those after it bring nothing that a page could show.
        const bool isFirst = m_elsewhere.insert(committed.id).second;
        hasNew = hasNew || (call == nullptr && isFirst);
        if (call != nullptr || committed.status != conversation::CallStatus::Open)
            m_elsewhere.erase(committed.id);
    }
    if (hasNew)
        readNewCalls(); // it began elsewhere, or before we looked
}

void ConversationModel::readNewCalls()
{
    if (!m_atEnd)
        return;
    if (m_loading) { // what is on its way may be from before
        m_hasNewCalls = true;
        return;
    }
    // Calls that we saw begin have no place yet.
    const auto last = std::find_if(m_calls.rbegin(), m_calls.rend(), [](const FollowedCall& call) {
        return call.view().call().cursor != store::Cursor();
    });
    if (last == m_calls.rend())
        return restart(store::Order::Descending, std::nullopt);
    request(store::Order::Ascending, last->view().call().cursor);
}

void ConversationModel::takeCall(CallView& stored)
{
    FollowedCall* call = followed(stored.call().id);
    if (call == nullptr)
        return;
    const store::Cursor place = stored.call().cursor;
    if (!m_places.find(place)) {
        m_places.insert(m_places.rankOf(place), place);
        m_outline.add({sightingOf(stored.call())});
    }
    const auto entry = static_cast<std::size_t>(
        std::find_if(m_calls.begin(), m_calls.end(), [call](const FollowedCall& other) { return &other == call; }) -
        m_calls.begin());
    if (call->isReplacedBy(stored)) {
        // The record may not have the newest decisions yet.
        for (const conversation::Decision& decision : call->view().decisions())
            stored.decide(decision);
        stored.settle();
        replaceView(entry, std::move(stored));
        call->applyKept();
    } else {
        if (!call->view().hasRequest() && stored.hasRequest())
            call->view().takeRequest(stored);
        call->view().takeSent(stored);
    }
    publishChanges(entry);
    Q_EMIT positionChanged();
}

void ConversationModel::replaceView(std::size_t entry, CallView stored)
{
    // Another kind of row needs another delegate: only rows that keep their kind are changed in place.
    CallView& shown = m_calls[entry].view();
    const auto oldCount = static_cast<int>(shown.rowCount());
    const auto newCount = static_cast<int>(stored.rowCount());
    int same = 0;
    while (same < std::min(oldCount, newCount) &&
           shown.row(static_cast<std::size_t>(same)).kind == stored.row(static_cast<std::size_t>(same)).kind)
        ++same;
    const int base = m_offsets[entry];
    if (same < oldCount) {
        beginRemoveRows({}, base + same, base + oldCount - 1);
        for (std::size_t later = entry + 1; later < m_offsets.size(); ++later)
            m_offsets[later] -= oldCount - same;
        endRemoveRows();
    }
    if (same < newCount)
        beginInsertRows({}, base + same, base + newCount - 1);
    std::swap(shown, stored);
    rebuildOffsets();
    if (same < newCount)
        endInsertRows();
    refreshBorder(base);
    refreshBorder(base + newCount);
    for (int row = 0; row < same; ++row) {
        const auto at = static_cast<std::size_t>(row);
        if (!(shown.row(at) == stored.row(at)))
            Q_EMIT dataChanged(index(base + row), index(base + row));
    }
}

void ConversationModel::publishChanges(std::size_t entry)
{
    while (const auto change = m_calls[entry].view().nextChange())
        publish(entry, *change);
}

void ConversationModel::publish(std::size_t entry, const CallChange& change)
{
    CallView& view = m_calls[entry].view();
    const int row = m_offsets[entry] + static_cast<int>(change.firstRow);
    const auto oldCount = static_cast<int>(change.oldCount);
    const auto newCount = static_cast<int>(change.rows.size());
    int same = 0;
    for (; same < std::min(oldCount, newCount); ++same) {
        const auto offset = static_cast<std::size_t>(same);
        if (rowAt(row + same).kind != change.rows[offset].kind)
            break;
        if (rowAt(row + same) == change.rows[offset])
            continue;
        view.setRow(change, offset);
        Q_EMIT dataChanged(index(row + same), index(row + same));
    }
    if (same < oldCount) {
        beginRemoveRows({}, row + same, row + oldCount - 1);
        view.removeRows(change, static_cast<std::size_t>(same));
        rebuildOffsets();
        endRemoveRows();
    }
    if (same < newCount) {
        beginInsertRows({}, row + same, row + newCount - 1);
        view.insertRows(change, static_cast<std::size_t>(same));
        rebuildOffsets();
        endInsertRows();
    }
    if (oldCount != newCount) {
        refreshBorder(row);
        refreshBorder(row + newCount);
    }
}

} // namespace luthien::desktop
