// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/tool_names_source.h"
#include "desktop/reader_thread.h"

namespace luthien::desktop {

/// As store::Reader::toolNames() finds them. The reader thread ends before this does. Thread: GUI.
class StoreToolNames final : public ToolNamesSource
{
    Q_OBJECT

public:
    explicit StoreToolNames(ReaderThread& reader, QObject* parent = nullptr);

    void load() override;

private:
    ReaderThread& m_reader;
};

} // namespace luthien::desktop
