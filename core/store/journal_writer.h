// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"
#include "store/journal.h"

#include <memory>
#include <string>

namespace luthien::store {

/// One worker's way into the store: an append to its journal, a memcpy without lock or system call.
/// Thread: the worker's.
class JournalWriter final : public conversation::EventSink
{
public:
    explicit JournalWriter(std::shared_ptr<Journal> journal)
        : m_journal(std::move(journal))
    {
    }

    ~JournalWriter() override { m_journal->close(); }
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    void opened(const conversation::CallOpened& event) override { append(event); }
    void request(const conversation::RequestRecorded& event) override { append(event); }
    void wire(const conversation::WireEvent& event) override { append(event); }
    void decided(const conversation::Decision& decision) override { append(decision); }
    void ended(const conversation::CallEnded& event) override { append(event); }
    [[nodiscard]] bool hasRoom() const override { return m_journal->hasRoom(); }

private:
    template <typename Event>
    void append(const Event& event);

    std::shared_ptr<Journal> m_journal;
    std::string m_head; ///< kept for its capacity
};

} // namespace luthien::store
