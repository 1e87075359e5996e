// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// Conversations as the store has them. The reader thread ends before it does. Thread: GUI.
class StoreConversation final : public ConversationSource
{
    Q_OBJECT

public:
    explicit StoreConversation(ReaderThread& reader, QObject* parent = nullptr);

    void loadCalls(const CallsRequest& request) override;
    void loadCall(quint64 token, CallId call) override;
    void loadPlaces(quint64 token, const std::string& session, const CallScope& scope,
                    std::optional<store::Cursor> from) override;
    void findCall(const CallSearch& search) override;
    void findTexts(const TextRequest& request) override;

private:
    [[nodiscard]] bool isStale(quint64 token) const noexcept { return token < m_newestToken; }

    ReaderThread& m_reader;
    std::atomic<quint64> m_newestToken = 0;  ///< what belongs to an older one is not read any more
    std::atomic<quint64> m_newestSearch = 0; ///< of findTexts
};

} // namespace luthien::desktop
