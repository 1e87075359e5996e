// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/session_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// Sessions as the store has them. The reader thread ends before the sources do. Thread: GUI.
class StoreSessions final : public SessionSource
{
    Q_OBJECT

public:
    /// finder: for what may take long, so that the screen does not wait for it.
    StoreSessions(ReaderThread& reader, ReaderThread& finder, QObject* parent = nullptr);

    void loadList(std::optional<store::Cursor> from) override;
    void loadRows(quint64 token, std::vector<store::Cursor> places) override;
    void loadSession(const std::string& id) override;
    void find(const SessionSearch& search) override;
    void check(const SessionSearch& search, const std::string& id) override;

private:
    ReaderThread& m_reader;
    ReaderThread& m_finder;
    std::atomic<quint64> m_newestSearch = 0; ///< what belongs to an older one is not read any more
    std::uint64_t m_searchJob = 0;           ///< the last one posted
};

} // namespace luthien::desktop
