// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop

// An image, a document or a block we carry without understanding it: named, never loaded.
ToolCard {
    tone: Block.Plain
}
