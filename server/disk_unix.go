//go:build linux || darwin || freebsd

package server

import (
	"syscall"

	"github.com/smista/smista/graph/model"
)

// diskOf tells of the disk that a folder is on; nil when that cannot be told.
func diskOf(folder string) *model.SystemDisk {
	var disk syscall.Statfs_t
	if syscall.Statfs(folder, &disk) != nil {
		return nil
	}
	size := disk.Bsize
	return &model.SystemDisk{Free: int64(disk.Bavail) * size, Total: int64(disk.Blocks) * size}
}
