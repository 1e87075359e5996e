// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_detail_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// Calls as the store has them. The reader thread ends before this does. Thread: GUI.
class StoreCallDetail final : public CallDetailSource
{
    Q_OBJECT

public:
    explicit StoreCallDetail(ReaderThread& reader, QObject* parent = nullptr);

    void loadDetail(quint64 token, CallId call) override;
    void loadText(quint64 token, CallId call, CallText which) override;
    void loadEvents(quint64 token, CallId call, std::uint32_t from) override;
    void loadEvent(quint64 token, CallId call, std::uint32_t seq) override;
    void loadForm(quint64 token, CallId call, CallForm form, const std::string& address) override;

private:
    /// Runs read(reader) in its thread and tell(result) in this one; not if something newer was asked by then.
    template <typename Read, typename Tell>
    void ask(quint64 token, Read read, Tell tell);

    ReaderThread& m_reader;
    std::atomic<quint64> m_newestToken = 0; ///< what belongs to an older one is not read any more
};

} // namespace luthien::desktop
