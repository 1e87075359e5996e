// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "desktop/models/session_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// Sessions as the store has them. The reader thread ends before the sources do. Thread: GUI.
class StoreSessions final : public SessionSource
{
    Q_OBJECT

public:
    StoreSessions(ReaderThread& reader, QObject* parent = nullptr);

    void loadList(std::optional<store::Cursor> from) override;
    void loadPage(quint64 token, std::optional<store::Cursor> from, std::uint32_t limit) override;
    void loadSession(const std::string& id) override;

private:
    ReaderThread& m_reader;
};

/// Conversations as the store has them. Thread: GUI.
class StoreConversation final : public ConversationSource
{
    Q_OBJECT

public:
    StoreConversation(ReaderThread& reader, QObject* parent = nullptr);

    void loadCalls(const CallsRequest& request) override;
    void loadCall(quint64 token, CallId call) override;
    void loadPlaces(quint64 token, const std::string& session, std::optional<store::Cursor> from) override;

private:
    [[nodiscard]] bool isStale(quint64 token) const noexcept { return token < m_newestToken; }

    ReaderThread& m_reader;
    std::atomic<quint64> m_newestToken = 0; ///< what belongs to an older one is not read any more
};

} // namespace luthien::desktop
