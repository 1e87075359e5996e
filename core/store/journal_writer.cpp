// SPDX-License-Identifier: Apache-2.0
#include "store/journal_writer.h"

#include "store/journal_record.h"

namespace luthien::store {

template <typename Event>
void JournalWriter::append(const Event& event)
{
    const std::string_view body = encode(event, m_head);
    m_journal->append(m_head, body);
}

template void JournalWriter::append(const conversation::CallOpened&);
template void JournalWriter::append(const conversation::RequestRecorded&);
template void JournalWriter::append(const conversation::WireEvent&);
template void JournalWriter::append(const conversation::Decision&);
template void JournalWriter::append(const conversation::CallEnded&);

} // namespace luthien::store
