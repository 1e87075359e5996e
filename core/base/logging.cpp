// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"

namespace luthien {

Q_LOGGING_CATEGORY(lcProtocol, "luthien.protocol", QtInfoMsg)
Q_LOGGING_CATEGORY(lcPolicy, "luthien.policy", QtInfoMsg)
Q_LOGGING_CATEGORY(lcProxy, "luthien.proxy", QtInfoMsg)
Q_LOGGING_CATEGORY(lcScript, "luthien.script", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "luthien.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcLive, "luthien.live", QtInfoMsg)
Q_LOGGING_CATEGORY(lcControl, "luthien.control", QtInfoMsg)
Q_LOGGING_CATEGORY(lcRuntime, "luthien.runtime", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDesktop, "luthien.desktop", QtInfoMsg)

void installLogFormat()
{
    qSetMessagePattern(QStringLiteral(
        "%{time yyyy-MM-ddTHH:mm:ss.zzz} "
        "%{if-debug}debug%{endif}%{if-info}info%{endif}%{if-warning}warning%{endif}%{if-critical}error%{endif}"
        "%{if-fatal}fatal%{endif} %{category} %{message}"));
}

} // namespace luthien
