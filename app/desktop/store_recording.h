// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/recording_source.h"
#include "desktop/reader_thread.h"

namespace luthien::desktop {

/// Recordings as the store has them. The reader thread ends before this does. Thread: GUI.
class StoreRecording final : public RecordingSource
{
    Q_OBJECT

public:
    explicit StoreRecording(ReaderThread& reader, QObject* parent = nullptr);

    void loadRecording(quint64 token, CallId call) override;

private:
    ReaderThread& m_reader;
};

} // namespace luthien::desktop
