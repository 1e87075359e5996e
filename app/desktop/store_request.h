// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// One request of the store as a conversation: its "session" is the id of the call, its "calls" are what comes before
/// the messages and then each message, so that a request of any size is read in pages. The reader thread ends before
/// it does. Thread: GUI.
class StoreRequest final : public ConversationSource
{
    Q_OBJECT

public:
    explicit StoreRequest(ReaderThread& reader, QObject* parent = nullptr);

    void loadCalls(const CallsRequest& request) override;
    void loadPlaces(quint64 token, const std::string& session, const CallScope& scope,
                    std::optional<store::Cursor> from) override;
    void findCall(const CallSearch& search) override;
    /// Only what is on screen can be found in a request: the store knows texts by the call that brought them.
    void findTexts(const TextRequest& request) override;
    /// A request does not change.
    void loadCall(quint64, CallId) override {}

private:
    ReaderThread& m_reader;
    std::atomic<quint64> m_newestToken = 0;
};

} // namespace luthien::desktop
