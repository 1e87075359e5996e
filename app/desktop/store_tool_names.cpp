// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_tool_names.h"

#include "base/logging.h"

namespace luthien::desktop {

StoreToolNames::StoreToolNames(ReaderThread& reader, QObject* parent)
    : ToolNamesSource(parent)
    , m_reader(reader)
{
}

void StoreToolNames::load()
{
    m_reader.post([this](const Result<store::Reader*>& reader) {
        auto names = reader ? (*reader)->toolNames() : Result<std::set<std::string>>(reader.error());
        if (!names) {
            qCWarning(lcDesktop, "the names of tools cannot be read: %s", names.error().toString().c_str());
            return;
        }
        auto read = std::make_shared<const std::set<std::string>>(*std::move(names));
        QMetaObject::invokeMethod(this, [this, read] { Q_EMIT loaded(read); }, Qt::QueuedConnection);
    });
}

} // namespace luthien::desktop
