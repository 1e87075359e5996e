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
        for (FollowedCall& call : m_calls)
            call.loseSteps();
        if (m_atEnd && !m_calls.empty()) // calls may have begun unseen
            request(store::Order::Ascending, m_calls.back().view().call().cursor);
    }
    std::unordered_set<CallId> touched;
    for (const live::Event& event : batch.events) {
        if (const auto* begun = std::get_if<live::Opened>(&event)) {
            takeOpened(*begun);
        } else if (const auto* committed = std::get_if<live::Committed>(&event)) {
            takeCommitted(*committed);
        } else if (FollowedCall* call = find(live::callOf(event))) {
            if (const auto* step = std::get_if<live::Delta>(&event))
                call->take(*step);
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
    if (event.identity.session != m_session || !m_atEnd || find(event.call) != nullptr)
        return;
    m_calls.push_back(FollowedCall::begun(event));
    m_offsets.push_back(m_offsets.back());
    publishChanges(m_calls.size() - 1);
}

void ConversationModel::takeCommitted(const live::Committed& event)
{
    for (const live::TouchedCall& committed : event.calls)
        if (const FollowedCall* call = find(committed.id); call != nullptr && call->wantsRecord())
            m_source.loadCall(m_token, committed.id);
}

void ConversationModel::takeCall(CallView& stored)
{
    FollowedCall* call = find(stored.call().id);
    if (call == nullptr)
        return;
    const store::Cursor place = stored.call().cursor;
    if (!m_places.find(place))
        m_places.insert(m_places.rankOf(place), place);
    const auto entry = static_cast<std::size_t>(
        std::find_if(m_calls.begin(), m_calls.end(), [call](const FollowedCall& other) { return &other == call; }) -
        m_calls.begin());
    if (call->isReplacedBy(stored)) {
        replaceView(entry, std::move(stored));
        call->applyKept();
    } else if (!call->view().hasRequest() && stored.hasRequest()) {
        call->view().takeRequest(stored);
    }
    publishChanges(entry);
    Q_EMIT positionChanged();
}

void ConversationModel::replaceView(std::size_t entry, CallView stored)
{
    CallView& shown = m_calls[entry].view();
    const int base = m_offsets[entry];
    const auto oldCount = static_cast<int>(shown.rowCount());
    const auto newCount = static_cast<int>(stored.rowCount());
    const int common = std::min(oldCount, newCount);
    if (newCount < oldCount)
        beginRemoveRows({}, base + common, base + oldCount - 1);
    else if (newCount > oldCount)
        beginInsertRows({}, base + common, base + newCount - 1);
    std::swap(shown, stored);
    rebuildOffsets();
    if (newCount < oldCount)
        endRemoveRows();
    else if (newCount > oldCount)
        endInsertRows();
    for (int row = 0; row < common; ++row) {
        const auto at = static_cast<std::size_t>(row);
        if (!(shown.row(at) == stored.row(at)))
            Q_EMIT dataChanged(index(base + row), index(base + row));
    }
}

void ConversationModel::publishChanges(std::size_t entry)
{
    CallView& view = m_calls[entry].view();
    while (const auto change = view.nextChange()) {
        const int row = m_offsets[entry] + static_cast<int>(change->firstRow);
        const auto oldCount = static_cast<int>(change->oldCount);
        const auto newCount = static_cast<int>(change->rows.size());
        const int common = std::min(oldCount, newCount);
        for (int i = 0; i < common; ++i) {
            const auto offset = static_cast<std::size_t>(i);
            if (rowAt(row + i) == change->rows[offset])
                continue;
            view.setRow(*change, offset);
            Q_EMIT dataChanged(index(row + i), index(row + i));
        }
        if (newCount < oldCount) {
            beginRemoveRows({}, row + newCount, row + oldCount - 1);
            view.removeRows(*change, static_cast<std::size_t>(newCount));
            rebuildOffsets();
            endRemoveRows();
        } else if (newCount > oldCount) {
            beginInsertRows({}, row + oldCount, row + newCount - 1);
            view.insertRows(*change, static_cast<std::size_t>(oldCount));
            rebuildOffsets();
            endInsertRows();
        }
    }
}

} // namespace luthien::desktop
